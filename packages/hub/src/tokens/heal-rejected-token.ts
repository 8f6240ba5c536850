import { digest } from '../ground/digest.ts';
import type { HubContext } from '../hub-context.ts';
import { serveToken } from './get-access-token.ts';
import { assertEnabled, decideForState, failureOfState } from './judge-token-state.ts';
import { readTokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';
import type { ServedToken } from './token-memory.ts';

/**
 * Gets another access token after the CRM has answered 401. Asks Microsoft only if the rejected token is still the
 * stored one; otherwise a newer one is there already. To be called once for a request, and never after a 403.
 *
 * @throws HubError as `getAccessToken`; the rejected token is not handed out again
 */
export async function healRejectedToken(
  context: HubContext,
  connectionId: string,
  rejectedToken: string,
): Promise<ServedToken> {
  context.tokenMemory.forget(connectionId);
  const state = await readTokenState(context, connectionId);
  assertEnabled(state);
  if (state.tokenSet.access_token_digest !== digest(rejectedToken)) return serveToken(context, state);
  const now = context.clock.now();
  if (decideForState(state, now, 'rejected').action === 'fail') throw failureOfState(state, now);
  return serveToken(context, await refreshTokenSet(context, state, 'rejected'));
}
