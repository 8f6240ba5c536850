import { millisecondsPerHour, millisecondsPerSecond } from '../ground/durations.ts';
import type { StoredTokenFacts } from './read-token-facts.ts';

/** Taken when neither the answer nor the token says how long it lives: the shortest usual life. */
const assumedLifeMilliseconds = millisecondsPerHour;

/**
 * Tells when an access token ends: at the earlier of what the answer and the token itself say, since a proxy in between
 * may have told a lifetime in milliseconds, and a token is refused after its own end whatever else was said.
 *
 * @param expiresInSeconds what the answer said; null when it did not, or not usably
 * @param facts null when the token is no JWT
 * @param now epoch milliseconds
 * @returns epoch milliseconds
 */
export function accessTokenEnd(
  expiresInSeconds: number | null,
  facts: Pick<StoredTokenFacts, 'expiresAt'> | null,
  now: number,
): number {
  const stated = expiresInSeconds === null ? null : now + expiresInSeconds * millisecondsPerSecond;
  const ends = [stated, facts?.expiresAt ?? null].filter((end) => end !== null);
  return ends.length === 0 ? now + assumedLifeMilliseconds : Math.round(Math.min(...ends));
}
