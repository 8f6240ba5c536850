import {
  type Configuration,
  clientCredentialsGrant,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import { recordFailure } from '../evidence/record-evidence.ts';
import { requestToken, type TokenOutcome } from '../token-endpoint/request-token.ts';
import { decideForState, failureOfState, isAlive, type RefreshTrigger } from './judge-token-state.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import { acquireLease, awaitLeaseHolder, releaseLease } from './refresh-lease.ts';
import { resolveTokenClient } from './resolve-token-client.ts';
import { type RefreshGuard, storeRefreshedTokenSet, tokenPlace } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/**
 * Gets a connection new tokens by one token request, however many callers, processes and machines ask at once: in a
 * process they share one request, across processes a lease. Whoever comes late takes the winner's tokens.
 *
 * @param seen the state that the caller has seen; if another's tokens have come since, they are the answer
 * @returns the state with the new tokens, which are stored by then
 * @throws HubError by what failed; the failure is recorded
 */
export function refreshTokenSet(
  context: TokenContext,
  seen: TokenState,
  trigger: RefreshTrigger,
): Promise<TokenState> {
  const { refreshesUnderWay } = context.tokenMemory;
  const { id } = seen.connection;
  const underWay = refreshesUnderWay.get(id);
  // Nobody has to wait for an answer from Microsoft while the old token is good.
  if (underWay)
    return trigger === 'due' && isAlive(seen, context.clock.now()) ? Promise.resolve(seen) : underWay;
  const refresh = refreshUnderLease(context, seen, trigger).finally(() => {
    refreshesUnderWay.delete(id);
    context.tokenMemory.forget(id);
  });
  refreshesUnderWay.set(id, refresh);
  return refresh;
}

async function refreshUnderLease(
  context: TokenContext,
  seen: TokenState,
  trigger: RefreshTrigger,
): Promise<TokenState> {
  const { id } = seen.connection;
  for (;;) {
    const guard = await acquireLease(context, id);
    if (guard) return refreshAsHolder(context, seen, trigger, guard);
    if (trigger === 'due' && isAlive(seen, context.clock.now())) return seen;
    const state = await awaitLeaseHolder(context, id, seen.tokenSet.version);
    if (state.tokenSet.version !== seen.tokenSet.version) return state;
  }
}

async function refreshAsHolder(
  context: TokenContext,
  seen: TokenState,
  trigger: RefreshTrigger,
  guard: RefreshGuard,
): Promise<TokenState> {
  const { id } = seen.connection;
  try {
    // What was read before the lease may be old: a winner's tokens, or its refusal, have come meanwhile.
    const state = await readTokenState(context, id);
    if (guard.version !== seen.tokenSet.version) return state;
    const now = context.clock.now();
    const { action } = decideForState(state, now, trigger);
    if (action === 'use') return state;
    if (action === 'fail') throw failureOfState(context.provider, state, now);
    const outcome = await request(context, state);
    if (!outcome.ok) {
      await recordFailure(context, id, outcome.failure, outcome.retryAfterMilliseconds);
      throw outcome.failure;
    }
    // Where the lease was lost meanwhile, another's tokens are the stored ones, and the answer.
    await storeRefreshedTokenSet(context, id, outcome.answer, guard);
    return await readTokenState(context, id);
  } finally {
    await releaseLease(context, id, guard);
  }
}

async function request(context: TokenContext, state: TokenState): Promise<TokenOutcome> {
  const { connection } = state;
  try {
    const client = await resolveTokenClient(context, connection);
    const grantType = connection.method === 'client_credentials' ? 'client_credentials' : 'refresh_token';
    return await requestToken(context, client, grantType, grantOf(context, state));
  } catch (error) {
    // The registration is not ready, or a stored secret can't be opened: as good a reason as a refusal.
    if (error instanceof HubError) return { ok: false, failure: error, retryAfterMilliseconds: null };
    throw error;
  }
}

/** The app's own token is simply asked for again; a person's needs the refresh token, with the resource or scope. */
function grantOf(
  context: TokenContext,
  { connection, tokenSet }: TokenState,
): (configuration: Configuration) => Promise<TokenEndpointResponse> {
  const parameters = context.provider.resourceParameters(connection);
  const { sealed_refresh_token: sealed } = tokenSet;
  if (connection.method === 'client_credentials' || sealed === null) {
    return (configuration) => clientCredentialsGrant(configuration, parameters);
  }
  const refreshToken = context.vault.open(sealed, tokenPlace(connection.id, 'sealed_refresh_token'));
  return (configuration) => refreshTokenGrant(configuration, refreshToken, parameters);
}
