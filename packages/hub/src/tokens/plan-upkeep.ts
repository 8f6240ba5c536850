import type { ProofConfig } from '../config/config.ts';
import { standingFailureSide } from '../evidence/judge-failure.ts';
import { withKnownAge, withKnownTimes } from '../evidence/known-times.ts';
import { isAlive, isRefreshable, tokenLifeOf } from '../evidence/token-life.ts';
import { digest } from '../ground/digest.ts';
import { millisecondsPerDay, millisecondsPerHour, millisecondsPerMinute } from '../ground/durations.ts';
import { refreshDueAt } from './decide-refresh.ts';
import type { TokenState } from './read-token-state.ts';
import { grantUsedAt, isPasted } from './refresh-token-end.ts';

/** A connection whose token was handed out within this is in use: it is refreshed ahead of time and proven more often. */
const inUseMilliseconds = millisecondsPerDay;
/**
 * A refresh token that nobody uses for 90 days is dead (AADSTS700082). One that is used is another one, so idle grants are
 * used after a third of that; spread, so that what was made together does not come due together.
 */
const grantUsedAgainAfter = 30 * millisecondsPerDay;
/** Where the token endpoint says when a refresh token ends (single page apps: 24 hours), after this share of its life. */
const grantShareOfLife = 0.5;
/** How old a pasted refresh token is nobody knows, nor whether it is one that lives for a day only. */
const pastedGrantUsedAfter = 12 * millisecondsPerHour;
/** No sooner than this after it was got, however short it lives. */
const shortestGrantAge = 10 * millisecondsPerMinute;
/** A connection that was made or changed and never proven is proven after this, unless somebody does so meanwhile. */
const firstProofAfter = millisecondsPerMinute;
/** All that is due ahead of a limit is so by up to these shares of the time. */
const grantJitterShare = 0.2;
const proofJitterShare = 0.1;

/** What a connection needs next, without anybody asking; epoch milliseconds, null for what it does not need. */
export interface UpkeepPlan {
  /** New tokens: ahead of the end of those in use, to keep an idle grant alive, or as the next try after a failure. */
  refreshAt: number | null;
  /** A proof by a call of the environment. */
  proveAt: number | null;
  /** Until when the last proof holds, after which the state is older than it should be; null where none is due. */
  provenUntil: number | null;
}

const nothing: UpkeepPlan = { refreshAt: null, proveAt: null, provenUntil: null };

/**
 * Says when a connection is next to be refreshed and proven. Nobody is asked where Microsoft has refused tokens for good
 * until a person acts; a refusal of the environment, whose remedy happens elsewhere, is proven again as if idle.
 */
export function planUpkeep(stored: TokenState, proofs: ProofConfig, now: number): UpkeepPlan {
  const connection = withKnownTimes(stored.connection, now);
  const state = { ...stored, connection, tokenSet: withKnownAge(stored.tokenSet, now) };
  if (connection.disabled) return nothing;
  const side = standingFailureSide(connection);
  const isFailing = connection.failure_state === 'failing';
  const isRefusedForGood = side === 'token' && !isFailing;
  if (isRefusedForGood) return nothing;
  const proof = planProof(state, proofs, now);
  const life = tokenLifeOf(connection, state.tokenSet);
  if (!isRefreshable(life)) return isAlive(life, now) ? { refreshAt: null, ...proof } : nothing;
  if (side === 'token') return { ...nothing, refreshAt: connection.next_try_at ?? now };
  const refreshAt = isInUse(connection.last_used_at, now) ? refreshInUseAt(state, now) : refreshIdleAt(state);
  return { refreshAt, ...proof };
}

/** @returns whether a connection is in use. @param lastUsedAt epoch milliseconds; null when it never was */
export function isInUse(lastUsedAt: number | null, now: number): boolean {
  return lastUsedAt !== null && now - lastUsedAt < inUseMilliseconds;
}

/** @returns when something of a plan is due first; null when nothing is */
export function upkeepDueAt({ refreshAt, proveAt }: UpkeepPlan): number | null {
  if (refreshAt === null || proveAt === null) return refreshAt ?? proveAt;
  return Math.min(refreshAt, proveAt);
}

function refreshInUseAt({ tokenSet }: TokenState, now: number): number {
  const { obtained_at: obtainedAt, expires_at: expiresAt, access_token_digest } = tokenSet;
  return refreshDueAt({ obtainedAt, expiresAt, accessTokenDigest: access_token_digest }) ?? now;
}

/** The app's own token needs nothing to live on; a person's grant does. */
function refreshIdleAt({ connection, tokenSet }: TokenState): number | null {
  const { refresh_token_obtained_at: obtainedAt, refresh_token_expires_at: endsAt } = tokenSet;
  if (connection.method === 'client_credentials' || obtainedAt === null) return null;
  const early = (milliseconds: number) =>
    Math.round(milliseconds * (1 - grantJitterShare * shareOf(connection.id)));
  const isUnknown = isPasted({ connection, tokenSet });
  const usualAt =
    grantUsedAt(tokenSet, obtainedAt) + early(isUnknown ? pastedGrantUsedAfter : grantUsedAgainAfter);
  if (endsAt === null) return usualAt;
  const ageAtUse = early((endsAt - obtainedAt) * grantShareOfLife);
  return Math.min(usualAt, obtainedAt + Math.max(shortestGrantAge, ageAtUse));
}

function planProof(
  state: TokenState,
  proofs: ProofConfig,
  now: number,
): Pick<UpkeepPlan, 'proveAt' | 'provenUntil'> {
  const { connection, tokenSet } = state;
  const { last_proven_at: provenAt, last_failure_at: failedAt, failure_state: failureState } = connection;
  const isKeptOn = isInUse(connection.last_used_at, now) && failureState === null;
  const interval = isKeptOn ? proofs.inUseMilliseconds : proofs.idleMilliseconds;
  if (interval === null) return { proveAt: null, provenUntil: null };
  const early = interval * proofJitterShare * shareOf(`${connection.id} ${provenAt}`);
  const foundAt = failureState === null ? provenAt : Math.max(provenAt ?? 0, failedAt ?? 0);
  const provenUntil = foundAt === null ? null : foundAt + interval;
  const proveAt =
    failureState === 'failing'
      ? (connection.next_try_at ?? now)
      : provenUntil === null
        ? connection.updated_at + firstProofAfter
        : Math.round(provenUntil - early);
  // What can't be refreshed is not there to be proven after its end.
  const endsBefore =
    !isRefreshable(tokenLifeOf(connection, tokenSet)) && proveAt >= (tokenSet.expires_at ?? 0);
  return endsBefore ? { proveAt: null, provenUntil: null } : { proveAt, provenUntil };
}

/** A number from 0 to 1 that is always the same for a text. */
function shareOf(text: string): number {
  return Buffer.from(digest(text), 'base64url').readUInt16BE(0) / 0xffff;
}
