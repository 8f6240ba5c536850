import { HubError } from '../errors/hub-error.ts';
import { withKnownAge } from '../evidence/known-times.ts';
import { digest } from '../ground/digest.ts';
import { serveToken, takeLook } from './get-access-token.ts';
import { assertEnabled, decideForState, failureOfState, isRefreshable } from './judge-token-state.ts';
import type { TokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';
import { nextRefreshAfterRejection } from './rejected-tokens.ts';
import type { TokenContext } from './token-context.ts';
import type { ServedToken } from './token-memory.ts';

/**
 * Gets another access token after the environment has answered 401. Asks Microsoft only if the rejected token is still
 * the stored one; otherwise a newer one is there already. To be called once for a request, and never after a 403.
 *
 * @throws HubError `crm_refused` where fresh tokens are rejected, too; else as `getAccessToken`. The rejected token is not handed out again to anybody
 */
export async function healRejectedToken(
  context: TokenContext,
  connectionId: string,
  rejectedToken: string,
): Promise<ServedToken> {
  // Another may be there already; else the calls that were rejected at once share one look.
  const recalled = context.tokenMemory.recall(connectionId, context.clock.now());
  if (recalled && recalled.accessToken !== rejectedToken) return recalled;
  const state = await takeLook(context, connectionId).state;
  assertEnabled(state);
  if (state.tokenSet.access_token_digest !== digest(rejectedToken)) return serveToken(context, state);
  const now = context.clock.now();
  const nextAt = nextRefreshAfterRejection({ tokenSet: withKnownAge(state.tokenSet, now) });
  // The token is not ended: it may be accepted again before there is another one.
  if (now < nextAt) throw freshTokensRejected(context, state, nextAt - now);
  try {
    if (decideForState(state, now, 'rejected').action === 'fail')
      throw failureOfState(context.provider, state, now);
    return await serveToken(context, await refreshTokenSet(context, state, 'rejected'));
  } catch (error) {
    // Where no other is ever to be had, the rejected one is all there is: the environment may have been wrong.
    if (error instanceof HubError && isRefreshable(state))
      await endToken(context, connectionId, rejectedToken);
    throw error;
  }
}

function freshTokensRejected(
  { provider }: TokenContext,
  { tokenSet }: TokenState,
  milliseconds: number,
): HubError {
  const { rejected_in_a_row: rejected } = tokenSet;
  return new HubError('crm_refused', {
    detail: `${provider.title} goes on refusing fresh access tokens, ${rejected} in a row by now. So that Microsoft does not take the hub for a client in a loop (AADSTS50196), it asks for the next one later.`,
    remedy: `Find out why ${provider.title} refuses the account or the application, and test the connection then.`,
    side: 'environment',
    retryAfterMilliseconds: milliseconds,
  });
}

/** The environment does not accept the token, whatever time it has left: the next caller waits for another one. */
async function endToken(context: TokenContext, connectionId: string, token: string): Promise<void> {
  const now = context.clock.now();
  await context.store.db
    .updateTable('token_sets')
    .set({ expires_at: now })
    .where('connection_id', '=', connectionId)
    .where('expires_at', '>', now)
    .where('access_token_digest', '=', digest(token))
    .execute();
  // Somebody may have been served it while the refresh was under way.
  context.tokenMemory.forget(connectionId);
}
