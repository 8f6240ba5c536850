import { HubError } from '../errors/hub-error.ts';
import { standingFailureSide } from '../evidence/judge-failure.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { decideForState, failureOfState, isAlive, type RefreshTrigger } from './judge-token-state.ts';
import { keepTryingToStore } from './keep-trying-to-store.ts';
import { measureRefresh } from './measure-refresh.ts';
import { readTokenState, type TokenState } from './read-token-state.ts';
import { recordRefreshFailure } from './record-refresh-failure.ts';
import { acquireLease, keepLease, releaseLease } from './refresh-lease.ts';
import { requestRefresh } from './request-refresh.ts';
import { type RefreshGuard, storeRefreshedTokenSet } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Whoever waits for another process's refresh looks again after so many milliseconds: ever more, up to a limit. */
const firstPoll = 20;
const longestPoll = 500;
/** Longer than a token request may take (20 s) and a lease that its holder left behind. */
const longestWait = 30 * millisecondsPerSecond;
/** Who comes after the database was away leaves it to the holder of a lease that has ended to store what it was given. */
const patienceWithEndedLease = millisecondsPerSecond;
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
  const refresh = measureRefresh(context, seen, () => refreshUnderLease(context, seen, wish)).finally(() => {
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
    const taken = waited < patienceWithEndedLease ? 'given_back' : 'ended_too';
    const guard = await acquireLease(context, id, taken);
    if (guard) {
      if (waited > 0) context.telemetry.metrics.leaseWaited(waited);
      const result = await refreshAsHolder(context, seen, wish, guard);
      if ('state' in result) return result.state;
      outdatedRefusals += 1;
      if (outdatedRefusals === mostOutdatedRefusals) throw result.outdatedRefusal;
    }
    if (isGoodEnough(context, seen, wish)) return seen;
    await context.sleep(poll);
    waited += poll;
    const state = await readTokenState(context, id);
    if (state.tokenSet.version !== seen.tokenSet.version) {
      context.telemetry.metrics.leaseWaited(waited);
      return state;
    }
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
  // Storing tokens or a failure gives it back.
  let isHeld = true;
  try {
    const state = isTakenSince(seen, guard) ? await readTokenState(context, id) : seen;
    if (guard.version !== seen.tokenSet.version) return { state };
    const now = context.clock.now();
    // Another has asked for this caller, too; by the clock of this hub it may be late enough already to ask again.
    if (trigger !== 'forced' && hasFailedSince(seen, state))
      throw failureOfState(context.provider, state, now, minimumLife);
    const { action } = decideForState(state, now, trigger, minimumLife);
    if (action === 'use') return { state };
    if (action === 'fail') throw failureOfState(context.provider, state, now, minimumLife);
    // Until what came is stored: who takes the lease while the database is away would send the old refresh token.
    using _kept = keepLease(context, id, guard);
    const outcome = await requestRefresh(context, state, trigger);
    if (outcome.ok) {
      const { answer, facts } = outcome;
      const wasRejected = trigger === 'rejected';
      const stored = await keepTryingToStore(context, id, () =>
        storeRefreshedTokenSet(context, id, answer, { ...guard, wasRejected }, facts),
      );
      isHeld = stored === null;
      // Where a sign-in came meanwhile, its tokens are the stored ones, and the answer.
      return { state: stored ?? (await readTokenState(context, id)) };
    }
    const recorded = await keepTryingToStore(context, id, () =>
      recordRefreshFailure(context, state, guard, outcome),
    );
    isHeld = recorded === null;
    if (recorded) throw recorded;
    return { outdatedRefusal: outcome.failure };
  } finally {
    if (isHeld) await releaseLease(context, id, guard);
  }
}

/**
 * What was read before the lease may be old: a winner's tokens, or its refusal, have come meanwhile. It is not where the
 * lease was free then and is the next one: no other refresh, and no sign-in, came in between.
 */
function isTakenSince({ tokenSet }: TokenState, guard: RefreshGuard): boolean {
  return tokenSet.lease_owner !== null || guard.fence !== tokenSet.lease_fence + 1;
}

function hasFailedSince({ connection: before }: TokenState, { connection: now }: TokenState): boolean {
  const isNew = now.last_failure_at !== before.last_failure_at || now.failed_tries !== before.failed_tries;
  return isNew && standingFailureSide(now) === 'token';
}
