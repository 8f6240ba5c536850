import { serveToken } from './get-access-token.ts';
import { assertEnabled, decideForState, failureOfState } from './judge-token-state.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';
import type { TokenContext } from './token-context.ts';

/**
 * Refreshes a connection's tokens because somebody wants it, though the old one may live, and though Microsoft may
 * have refused before.
 *
 * @throws HubError as `getAccessToken`
 */
export async function forceRefresh(context: TokenContext, connectionId: string): Promise<TokenState> {
  const state = await readTokenState(context, connectionId);
  assertEnabled(state);
  const now = context.clock.now();
  if (decideForState(state, now, 'forced').action === 'fail')
    throw failureOfState(context.provider, state, now);
  const refreshed = await refreshTokenSet(context, state, 'forced');
  await serveToken(context, refreshed);
  return refreshed;
}
