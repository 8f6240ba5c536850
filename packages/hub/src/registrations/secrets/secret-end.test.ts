import { describe, expect, it } from 'vitest';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { daysLeft, dueWarning, endWarning, nextWarningAt } from './secret-end.ts';

const day = millisecondsPerDay;
const endsAt = 1000 * day;

describe('how near the end of a secret is', () => {
  it.each([
    [31 * day, null],
    [30 * day + 1, null],
    [30 * day, 30],
    [14 * day + 1, 30],
    [14 * day, 14],
    [7 * day, 7],
    [day + 1, 7],
    [day, 1],
    [1, 1],
    [0, 0],
    [-day, 0],
  ])('%d milliseconds before it: %j', (left, warning) => {
    expect(endWarning(endsAt, endsAt - left)).toBe(warning);
  });

  it('is unknown where the end is', () => {
    expect(endWarning(null, 0)).toBeNull();
    expect(nextWarningAt(null, 0)).toBeNull();
  });

  it('is said in whole days, none once it has ended', () => {
    expect(daysLeft(endsAt, endsAt - 2 * day + 1)).toBe(1);
    expect(daysLeft(endsAt, endsAt + day)).toBe(0);
  });
});

describe('a warning (lesson 4)', () => {
  const told = (days: number | null, of: number | null = endsAt) => ({
    client_secret_ends_at: endsAt,
    secret_warned_days: days,
    secret_warned_for: of,
  });

  it.each([
    ['is told when none was', told(null, null), 20, 30],
    ['is told once', told(30), 20, null],
    ['is told anew when the end is nearer', told(30), 10, 14],
    ['is not told when a graver one was', told(7), 10, null],
    ['is told anew of another end', told(1, endsAt - 365 * day), 20, 30],
    ['is the last one after a long time in which nobody looked', told(30), 0, 0],
    ['is told no more after the last one', told(0), -5, null],
  ])('%s', (_case, row, daysBefore, due) => {
    expect(dueWarning(row, endsAt - daysBefore * day)).toBe(due);
  });

  it('falls due at 30, 14, 7 and 1 days, and at the end', () => {
    const moments = [];
    for (let at = nextWarningAt(endsAt, 0); at !== null; at = nextWarningAt(endsAt, at)) moments.push(at);
    expect(moments.map((at) => (endsAt - at) / day)).toEqual([30, 14, 7, 1, 0]);
  });
});
