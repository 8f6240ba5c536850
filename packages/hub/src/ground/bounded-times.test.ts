import { describe, expect, it } from 'vitest';
import { clockDifference, endOfPause, pastMoment } from './bounded-times.ts';

const now = 1_000_000_000_000;
const minute = 60_000;

describe('the end of a pause', () => {
  it.each([
    ['is as it was written down', now + minute, now + minute],
    ['may be as far ahead as the longest pause', now + 5 * minute, now + 5 * minute],
    ['is now where it is further ahead than a pause can be', now + 5 * minute + 1, now],
    ['is over where it lies in the past', now - minute, now - minute],
  ])('%s', (_case, until, end) => {
    expect(endOfPause(until, now, 5 * minute)).toBe(end);
  });
});

describe('a moment that has been', () => {
  it.each([
    ['is as it was written down', now - minute, now - minute],
    ['may be ahead by what clocks differ', now + clockDifference, now + clockDifference],
    ['is unknown where it is further ahead', now + clockDifference + 1, null],
    ['is unknown where none was written down', null, null],
  ])('%s', (_case, at, moment) => {
    expect(pastMoment(at, now)).toBe(moment);
  });
});
