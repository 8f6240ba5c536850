import { expect, it } from 'vitest';
import { accessTokenEnd } from './access-token-end.ts';

const now = Date.UTC(2026, 10, 2, 9);
const minute = 60_000;
const own = (minutesFromNow: number | null, issued: number | null = null) => ({
  expiresAt: minutesFromNow === null ? null : now + minutesFromNow * minute,
  issuedAt: issued === null ? null : now + issued * minute,
});

it.each([
  ['the answer, of a token that tells nothing', 1800, null, 30],
  ['the answer, of a token without an end', 1800, own(null), 30],
  ['the answer, where it says less than the token', 600, own(30), 10],
  ['the token, where it says less than the answer', 3600, own(30), 30],
  ['the token, where the answer is in milliseconds', 3_600_000, own(60), 60],
  ['the token, where the answer says nothing', null, own(30), 30],
  ['the token, which was typed and has ended', null, own(-30, -90), -30],
  ['the shortest usual life, where nobody says anything', null, own(null), 60],
])('an access token ends by %s', (_what, expiresIn, facts, minutes) => {
  expect(accessTokenEnd(expiresIn, facts, now)).toBe(now + minutes * minute);
});

it.each([
  ['its length', 7200, own(-120, -180), 60],
  ['the answer, where that says less', 1800, own(-120, -180), 30],
  ['the shortest usual life, where it has no beginning', 7200, own(-120), 60],
  ['the shortest usual life, where it begins after its end', 7200, own(-120, -60), 60],
  ['its length, at its very end', 7200, own(0, -45), 45],
])('a fresh token that has ended by another clock ends by %s', (_what, expiresIn, facts, minutes) => {
  expect(accessTokenEnd(expiresIn, facts, now)).toBe(now + minutes * minute);
});

it.each([
  ['ahead: its own end comes sooner than it says', 7200, 15, 45],
  ['behind: its own end comes later than it says', 7200, -30, 90],
  ['ahead by more than it lives: by its length', 7200, 90, 60],
])('a token of an authority whose clock is %s', (_case, expiresIn, ahead, minutes) => {
  expect(accessTokenEnd(expiresIn, own(60, 0), now, ahead * minute)).toBe(now + minutes * minute);
});

it('a typed token of an authority whose clock is ahead ends sooner than it says', () => {
  expect(accessTokenEnd(null, own(60), now, 15 * minute)).toBe(now + 45 * minute);
});
