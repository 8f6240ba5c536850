import { millisecondsPerHour, millisecondsPerSecond } from '../ground/durations.ts';
import type { StoredTokenFacts } from './read-token-facts.ts';

/** Microsoft's longest access tokens live 28 hours; with room for clocks that differ. */
export const longestTokenLife = 30 * millisecondsPerHour;

/** Taken when neither the answer nor the token says how long it lives: the shortest usual life. */
const assumedLifeMilliseconds = millisecondsPerHour;

/**
 * Tells when an access token ends: at the earlier of what the answer and the token itself say, since a proxy in between
 * may have told a lifetime in milliseconds, and a token is refused after its own end whatever else was said. One that
 * comes as a fresh one and has ended by its own words tells that the clocks differ, and else would be asked for anew at
 * each call: then its length counts.
 *
 * @param expiresInSeconds what the answer said; null when it did not, or not usably, and for a token that was typed
 * @param facts null when the token is no JWT
 * @param now epoch milliseconds
 * @param skew how far the clock that the token's own times are of is ahead of the hub's, in milliseconds
 * @returns epoch milliseconds
 */
export function accessTokenEnd(
  expiresInSeconds: number | null,
  facts: Pick<StoredTokenFacts, 'issuedAt' | 'expiresAt'> | null,
  now: number,
  skew = 0,
): number {
  const stated = expiresInSeconds === null ? null : now + expiresInSeconds * millisecondsPerSecond;
  if (facts?.expiresAt == null) return Math.round(stated ?? now + assumedLifeMilliseconds);
  const own = Math.round(facts.expiresAt - skew);
  if (stated === null) return own;
  const end = own > now ? own : now + lengthOf(facts.expiresAt, facts.issuedAt);
  return Math.round(Math.min(stated, end));
}

function lengthOf(expiresAt: number, issuedAt: number | null): number {
  return issuedAt !== null && issuedAt < expiresAt ? expiresAt - issuedAt : assumedLifeMilliseconds;
}
