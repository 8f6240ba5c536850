import { describe, expect, it } from 'vitest';
import { decideRefresh, type RefreshQuestion, refreshDueAt } from './decide-refresh.ts';

const minute = 60_000;
const now = 1_000_000_000;

/** An hour's token without jitter (its digest begins with zeros), so it is due six minutes before its end. */
const question: RefreshQuestion = {
  now,
  minimumLife: 0,
  obtainedAt: now,
  expiresAt: now + 60 * minute,
  accessTokenDigest: 'AAAA',
  refreshable: true,
  refused: false,
  nextTryAt: null,
};

describe('decideRefresh', () => {
  it.each<[string, Partial<RefreshQuestion>, string]>([
    ['a fresh token', {}, 'use fresh'],
    ['a token just before it is due', { now: now + 54 * minute - 1 }, 'use fresh'],
    ['a due token', { now: now + 54 * minute }, 'refresh due'],
    ['a token that has ended', { now: now + 60 * minute }, 'refresh ended'],
    ['a token of which nobody knows when it came', { obtainedAt: null }, 'refresh due'],
    ['a token of which nobody knows when it ends', { expiresAt: null }, 'refresh ended'],
    ['no token yet', { obtainedAt: null, expiresAt: null, accessTokenDigest: null }, 'refresh no_token'],
    ['a due token that Microsoft will not renew', { now: now + 55 * minute, refused: true }, 'use refused'],
    [
      'an ended token that Microsoft will not renew',
      { now: now + 60 * minute, refused: true },
      'fail refused',
    ],
    [
      'a due token while backing off',
      { now: now + 55 * minute, nextTryAt: now + 56 * minute },
      'use backing_off',
    ],
    [
      'an ended token while backing off',
      { now: now + 60 * minute, nextTryAt: now + 61 * minute },
      'fail backing_off',
    ],
    [
      'an ended token after backing off',
      { now: now + 61 * minute, nextTryAt: now + 61 * minute },
      'refresh ended',
    ],
    [
      'a due token without a refresh token',
      { now: now + 59 * minute, refreshable: false },
      'use not_refreshable',
    ],
    [
      'an ended token without a refresh token',
      { now: now + 60 * minute, refreshable: false },
      'fail not_refreshable',
    ],
    [
      'a token that lives exactly as long as is asked',
      { now: now + 10 * minute, minimumLife: 50 * minute },
      'use fresh',
    ],
    [
      'a token that lives less',
      { now: now + 10 * minute, minimumLife: 50 * minute + 1 },
      'refresh life_too_short',
    ],
    [
      'a token of less than a minute that lives less',
      { now: now + minute - 1, minimumLife: 60 * minute },
      'fail just_refreshed',
    ],
    [
      'a token of a minute that lives less',
      { now: now + minute, minimumLife: 60 * minute },
      'refresh life_too_short',
    ],
    [
      'a token that lives less, of which nobody knows when it came',
      { now: now + 10 * minute, obtainedAt: null, minimumLife: 60 * minute },
      'refresh life_too_short',
    ],
    [
      'a token that lives less, without a refresh token',
      { now: now + 10 * minute, minimumLife: 60 * minute, refreshable: false },
      'fail not_refreshable',
    ],
    [
      'a token that lives less, while backing off',
      { now: now + 10 * minute, minimumLife: 60 * minute, nextTryAt: now + 11 * minute },
      'fail backing_off',
    ],
  ])('%s → %s', (_case, change, expected) => {
    const { action, reason } = decideRefresh({ ...question, ...change });
    expect(`${action} ${reason}`).toBe(expected);
  });
});

describe('refreshDueAt', () => {
  const life = (minutes: number, accessTokenDigest = 'AAAA') =>
    refreshDueAt({ obtainedAt: 0, expiresAt: minutes * minute, accessTokenDigest });

  it.each([
    ['a tenth of a day’s life ahead', 24 * 60, 24 * 54],
    ['at least five minutes ahead', 30, 25],
    ['at half of the life of a token of minutes', 4, 2],
  ])('is %s', (_case, minutes, dueAtMinute) => {
    expect(life(minutes)).toBe(dueAtMinute * minute);
  });

  it('spreads tokens of the same age over a twentieth of their life', () => {
    expect(life(60, '__8A')).toBe(51 * minute);
    expect(life(60, 'gAAA')).toBeGreaterThan(51 * minute);
    expect(life(60, 'gAAA')).toBeLessThan(54 * minute);
  });

  it.each([
    ['no digest to speak of', '', 54],
    ['one byte of digest', 'AA', 54],
    ['two bytes of digest', '__8', 51],
  ])('takes what there is of %s', (_case, digest, dueAtMinute) => {
    expect(life(60, digest)).toBe(dueAtMinute * minute);
  });

  it('is at the end of a token that ends before it began', () => {
    expect(refreshDueAt({ obtainedAt: minute, expiresAt: 0, accessTokenDigest: 'AAAA' })).toBe(0);
  });

  it.each([
    [{ obtainedAt: null, expiresAt: minute, accessTokenDigest: 'AAAA' }],
    [{ obtainedAt: 0, expiresAt: null, accessTokenDigest: 'AAAA' }],
    [{ obtainedAt: 0, expiresAt: minute, accessTokenDigest: null }],
  ])('is null while something is not known: %o', (known) => {
    expect(refreshDueAt(known)).toBeNull();
  });

  it('is null without a token', () => {
    expect(refreshDueAt({ obtainedAt: null, expiresAt: null, accessTokenDigest: null })).toBeNull();
  });
});
