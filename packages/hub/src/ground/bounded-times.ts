import { millisecondsPerMinute } from './durations.ts';

/**
 * Times that a clock wrote down which was hours or months ahead, and has been set right since. Each kind of pause has a
 * longest one, and what has happened does not lie ahead: by that such times are told, and none of them holds anything up for
 * longer than it could have by a right clock.
 */

/** Clocks of hubs on one database may differ by this; what they write counts as right. */
export const clockDifference = 10 * millisecondsPerMinute;

/**
 * @param until when a pause ends, as it was written down, in epoch milliseconds
 * @param longest how long a pause of this kind lasts at most; of a stored one, with room for clocks that differ
 * @returns when it ends: now, where that is further ahead than it can be
 */
export function endOfPause(until: number, now: number, longest: number): number {
  return until > now + longest ? now : until;
}

/** @returns a moment that has been, as it was written down; null for one that can't have been yet */
export function pastMoment(at: number | null, now: number): number | null {
  return at !== null && at <= now + clockDifference ? at : null;
}
