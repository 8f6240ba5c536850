import { HubError, withRetryAfter } from '../errors/hub-error.ts';
import { isTokenRefused, restoreFailure, standingFailureSide } from '../evidence/judge-failure.ts';
import { withKnownAge, withKnownTimes } from '../evidence/known-times.ts';
import * as tokenLife from '../evidence/token-life.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { Provider } from '../providers/provider.ts';
import type { StoredTokenFacts } from '../token-endpoint/read-token-facts.ts';
import { decideRefresh, type RefreshDecision, refreshDueAt } from './decide-refresh.ts';
import type { TokenState } from './read-token-state.ts';
import { storedFacts } from './store-token-set.ts';

/** @returns whether new tokens can be had without a person: by the refresh token, or as the app itself */
export function isRefreshable({ connection, tokenSet }: TokenState): boolean {
  return tokenLife.isRefreshable(tokenLife.tokenLifeOf(connection, tokenSet));
}

/** @returns whether the access token has not ended yet, and lives at least so many milliseconds more */
export function isAlive({ connection, tokenSet }: TokenState, now: number, minimumLife = 0): boolean {
  return tokenLife.isAlive(tokenLife.tokenLifeOf(connection, tokenSet), now, minimumLife);
}

/**
 * Why a refresh is asked for: the access token is `due`, the environment has `rejected` it, a grant has to be `kept` alive
 * though the token may live, or a person wants it `forced`, which asks Microsoft even where it has refused before.
 */
export type RefreshTrigger = 'due' | 'rejected' | 'kept' | 'forced';

/**
 * @param minimumLife how many milliseconds it has to live at least, for whoever asks
 * @returns what is to be done with a connection's access token now, and why
 */
export function decideForState(
  state: TokenState,
  now: number,
  trigger: RefreshTrigger,
  minimumLife = 0,
): RefreshDecision {
  const connection = withKnownTimes(state.connection, now);
  const refreshable = isRefreshable(state);
  if (trigger === 'forced' && refreshable) return { action: 'refresh', reason: 'due' };
  return decideRefresh({
    ...lifeOf({ tokenSet: withKnownAge(state.tokenSet, now) }),
    // A token that must not be used is none.
    ...(trigger !== 'due' && { accessTokenDigest: null }),
    now,
    minimumLife,
    refreshable,
    refused: isTokenRefused(connection),
    nextTryAt: standingFailureSide(connection) === 'token' ? connection.next_try_at : null,
  });
}

/** @returns when the access token will be refreshed ahead of its end, in epoch milliseconds; null when it will not */
export function nextRefreshAt(state: TokenState): number | null {
  const isAskedFor = isRefreshable(state) && !isTokenRefused(state.connection);
  return isAskedFor ? refreshDueAt(lifeOf(state)) : null;
}

/**
 * @param minimumLife how many milliseconds a token has to live at least, for whoever asks
 * @returns the failure of a connection that has no usable token and can't ask for one now
 */
export function failureOfState(
  { title }: Provider,
  state: TokenState,
  now: number,
  minimumLife = 0,
): HubError {
  const stored = restoreFailure(state.connection);
  if (stored && standingFailureSide(state.connection) === 'token') {
    const { next_try_at: nextTryAt } = withKnownTimes(state.connection, now);
    return nextTryAt === null ? stored : withRetryAfter(stored, nextTryAt - now);
  }
  if (minimumLife > 0 && isAlive(state, now)) return tokenLifeTooShort(state, now, minimumLife);
  // Nobody asks for another one while the old one lives, but after the environment has answered 401 to it.
  const what = isAlive(state, now)
    ? `${title} does not accept the access token`
    : 'The access token has ended';
  return new HubError('connection_needs_sign_in', {
    detail: state.tokenSet.sealed_access_token
      ? `${what}, and there is no refresh token to get another by.`
      : 'No sign-in has been finished for this connection yet.',
  });
}

/** @returns the failure of whoever asks for a token that lives longer than the one there is */
export function tokenLifeTooShort(state: TokenState, now: number, minimumLife: number): HubError {
  const { obtained_at: obtainedAt, expires_at: expiresAt } = state.tokenSet;
  const left = (expiresAt ?? now) - now;
  const whole = obtainedAt === null || expiresAt === null ? left : expiresAt - obtainedAt;
  const why = isRefreshable(state)
    ? `Microsoft gave it for ${inSeconds(whole)}, ${inSeconds(now - (obtainedAt ?? now))} ago.`
    : 'There is no refresh token to get another by.';
  return new HubError('token_life_too_short', {
    detail: `The access token lives for another ${inSeconds(left)}, not ${inSeconds(minimumLife)}. ${why}`,
  });
}

function inSeconds(milliseconds: number): string {
  return `${Math.floor(milliseconds / millisecondsPerSecond)} s`;
}

/** @throws HubError `connection_disabled` */
export function assertEnabled({ connection }: TokenState): void {
  if (connection.disabled) throw new HubError('connection_disabled');
}

/** @returns the failure of an access token that is for something else than the environment; null when it is right */
export function claimsMismatch(provider: Provider, state: TokenState): HubError | null {
  return mismatchOf(provider, state, storedFacts(state));
}

/** The same of a token that has just come. */
export function mismatchOf(
  provider: Provider,
  { connection }: Pick<TokenState, 'connection'>,
  facts: StoredTokenFacts | null,
): HubError | null {
  const { environment_url: environmentUrl, tenant_id: tenantId, method } = connection;
  const detail = provider.checkTokenClaims(facts, {
    environmentUrl,
    tenantId,
    delegated: method === 'sign_in',
  });
  return detail === null ? null : new HubError('token_not_for_environment', { detail });
}

function lifeOf({ tokenSet }: Pick<TokenState, 'tokenSet'>): Parameters<typeof refreshDueAt>[0] {
  return {
    obtainedAt: tokenSet.obtained_at,
    expiresAt: tokenSet.expires_at,
    accessTokenDigest: tokenSet.access_token_digest,
  };
}
