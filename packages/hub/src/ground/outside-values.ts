import { millisecondsPerHour, millisecondsPerSecond, secondsPerDay } from './durations.ts';

/** The last moment that ISO 8601 writes with four digits for the year. */
const lastTime = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Microsoft's longest access tokens live 28 hours; what claims more than a year is no lifetime in seconds. */
const longestLifetimeSeconds = 366 * secondsPerDay;

/** Microsoft's services ask for seconds, or a few minutes. */
const longestWaitMilliseconds = millisecondsPerHour;

/** No address, name or id of Microsoft's is longer. */
const longestText = 4096;

/** Plain decimal digits, as v1 writes numbers; not `1e9`, `0x10` or a sign. */
const decimal = /^\d{1,15}(?:\.\d{1,15})?$/;

/**
 * Readers for all values that come from outside: token answers, JWTs, Graph, headers, bodies. What is unusable (another
 * type, no number, out of bounds) counts as absent: null.
 */

/** @returns a time that can be stored and shown, in whole epoch milliseconds */
export function readTime(value: unknown): number | null {
  if (typeof value !== 'number' || !(value >= 0 && value <= lastTime)) return null;
  return Math.round(value);
}

/**
 * @param value NumericDate (RFC 7519 §2), a number of seconds
 * @returns epoch milliseconds; null for one in milliseconds or microseconds, which no year of ours has
 */
export function readNumericDate(value: unknown): number | null {
  return typeof value === 'number' && value > 0 ? readTime(value * millisecondsPerSecond) : null;
}

/** @param value how long something lives or is waited for (`expires_in`, `interval`), a number or digits. @returns seconds */
export function readLifetimeSeconds(value: unknown): number | null {
  const seconds = numberOf(value);
  return seconds !== null && seconds > 0 && seconds <= longestLifetimeSeconds ? seconds : null;
}

/** @param value a date as text: ISO 8601 or an HTTP date. @returns epoch milliseconds */
export function readDate(value: unknown): number | null {
  return typeof value === 'string' && value.length <= longestText ? readTime(Date.parse(value)) : null;
}

/** @returns a text that is not empty and that both databases can keep */
export function readText(value: unknown): string | null {
  if (typeof value !== 'string' || value === '' || value.length > longestText) return null;
  return value.includes('\0') ? null : value;
}

/** @returns a text that the header `Authorization` can carry: visible ASCII (RFC 6749 §A.12), without blanks (RFC 6750 §2.1) */
export function readAccessToken(value: unknown): string | null {
  return typeof value === 'string' && /^[\x21-\x7e]+$/.test(value) ? value : null;
}

/**
 * @param value of the header `Retry-After`: seconds or a date (RFC 9110 §10.2.3)
 * @param now epoch milliseconds
 * @returns in how many milliseconds the server wants to be asked again, an hour at most: one odd answer must not hold a
 *   connection back for days
 */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  const wait = readWait(value?.trim() ?? '', now);
  if (wait === null || wait > longestLifetimeSeconds * millisecondsPerSecond) return null;
  return Math.min(Math.max(0, wait), longestWaitMilliseconds);
}

function readWait(text: string, now: number): number | null {
  if (/^\d+$/.test(text)) return Number(text) * millisecondsPerSecond;
  // A sign or a fraction makes a date of the year 2001 for `Date.parse`.
  const date = /^[a-z]{3}/i.test(text) ? readDate(text) : null;
  return date === null ? null : date - now;
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return decimal.test(text) ? Number(text) : null;
}
