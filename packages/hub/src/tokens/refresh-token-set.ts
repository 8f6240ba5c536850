import {
  type Configuration,
  clientCredentialsGrant,
  refreshTokenGrant,
  type TokenEndpointResponse,
} from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { requestToken, type TokenOutcome } from '../token-endpoint/request-token.ts';
import { askAuthority } from './ask-authority.ts';
import { decideForState, failureOfState, isAlive, type RefreshTrigger } from './judge-token-state.ts';
import { keepTryingToStore } from './keep-trying-to-store.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import { recordRefreshFailure } from './record-refresh-failure.ts';
import { acquireLease, keepLease, releaseLease } from './refresh-lease.ts';
import { resolveTokenClient } from './resolve-token-client.ts';
import { type RefreshGuard, storeRefreshedTokenSet, tokenPlace } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Whoever waits for another process's refresh looks again after so many milliseconds: ever more, up to a limit. */
const firstPoll = 20;
const longestPoll = 500;
/** Longer than a token request may take (20 s) and a lease that its holder left behind. */
const longestWait = 30 * millisecondsPerSecond;
/** Each is a request to Microsoft. */
const mostOutdatedRefusals = 3;

/**
 * Gets a connection new tokens by one token request, however many callers, processes and machines ask at once: in a
 * process they share one request, across processes a lease. Whoever comes late takes the winner's tokens.
 *
 * @param seen the state that the caller has seen; if another's tokens have come since, they are the answer
 * @param minimumLife how many milliseconds the token has to live at least, for this caller
 * @returns the state with the new tokens, which are stored by then
 * @throws HubError by what failed; the failure is recorded
 */
export function refreshTokenSet(
  context: TokenContext,
  seen: TokenState,
  trigger: RefreshTrigger,
  minimumLife = 0,
): Promise<TokenState> {
  const { refreshesUnderWay } = context.tokenMemory;
  const { id } = seen.connection;
  const wish = { trigger, minimumLife };
  const underWay = refreshesUnderWay.get(id);
  // Nobody has to wait for an answer from Microsoft while the old token is good.
  if (underWay) return isGoodEnough(context, seen, wish) ? Promise.resolve(seen) : underWay;
  const refresh = refreshUnderLease(context, seen, wish).finally(() => {
    refreshesUnderWay.delete(id);
    context.tokenMemory.forget(id);
  });
  refreshesUnderWay.set(id, refresh);
  return refresh;
}

/** Why a refresh is asked for, and how long the token has to live at least. */
interface RefreshWish {
  trigger: RefreshTrigger;
  minimumLife: number;
}

function isGoodEnough(
  { clock }: TokenContext,
  seen: TokenState,
  { trigger, minimumLife }: RefreshWish,
): boolean {
  return trigger === 'due' && isAlive(seen, clock.now(), minimumLife);
}

async function refreshUnderLease(
  context: TokenContext,
  seen: TokenState,
  wish: RefreshWish,
): Promise<TokenState> {
  const { id } = seen.connection;
  let waited = 0;
  let outdatedRefusals = 0;
  for (let poll = firstPoll; waited <= longestWait; poll = Math.min(poll * 2, longestPoll)) {
    const guard = await acquireLease(context, id);
    if (guard) {
      const result = await refreshAsHolder(context, seen, wish, guard);
      if ('state' in result) return result.state;
      outdatedRefusals += 1;
      if (outdatedRefusals === mostOutdatedRefusals) throw result.outdatedRefusal;
    }
    if (isGoodEnough(context, seen, wish)) return seen;
    await context.sleep(poll);
    waited += poll;
    const state = await readTokenState(context, id);
    if (state.tokenSet.version !== seen.tokenSet.version) return state;
  }
  throw new HubError('token_endpoint_unavailable', {
    detail: 'Another process is still refreshing the tokens.',
    retryAfterMilliseconds: longestPoll,
  });
}

/** What a holder of the lease has got; a refusal is outdated when what was refused is no longer what the connection has. */
type HolderResult = { state: TokenState } | { outdatedRefusal: HubError };

async function refreshAsHolder(
  context: TokenContext,
  seen: TokenState,
  { trigger, minimumLife }: RefreshWish,
  guard: RefreshGuard,
): Promise<HolderResult> {
  const { id } = seen.connection;
  try {
    // What was read before the lease may be old: a winner's tokens, or its refusal, have come meanwhile.
    const state = await readTokenState(context, id);
    if (guard.version !== seen.tokenSet.version) return { state };
    const now = context.clock.now();
    const { action } = decideForState(state, now, trigger, minimumLife);
    if (action === 'use') return { state };
    if (action === 'fail') throw failureOfState(context.provider, state, now, minimumLife);
    const outcome = await requestUnderLease(context, state, trigger, guard);
    if (outcome.ok) {
      // Where a sign-in came meanwhile, its tokens are the stored ones, and the answer.
      const { answer } = outcome;
      await keepTryingToStore(context, id, () => storeRefreshedTokenSet(context, id, answer, guard));
      return { state: await readTokenState(context, id) };
    }
    const recorded = await recordRefreshFailure(context, state, guard, outcome);
    if (recorded) throw recorded;
    return { outdatedRefusal: outcome.failure };
  } finally {
    await releaseLease(context, id, guard);
  }
}

async function requestUnderLease(
  context: TokenContext,
  state: TokenState,
  trigger: RefreshTrigger,
  guard: RefreshGuard,
): Promise<TokenOutcome> {
  using _kept = keepLease(context, state.connection.id, guard);
  return await request(context, state, trigger);
}

async function request(
  context: TokenContext,
  state: TokenState,
  trigger: RefreshTrigger,
): Promise<TokenOutcome> {
  const { connection } = state;
  try {
    const client = await resolveTokenClient(context, connection);
    const grantType = connection.method === 'client_credentials' ? 'client_credentials' : 'refresh_token';
    const grant = grantOf(context, state);
    return await askAuthority(context, {
      connectionId: connection.id,
      origin: new URL(client.tokenEndpoint).origin,
      forced: trigger === 'forced',
      send: () => requestToken(context, client, grantType, grant),
    });
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
