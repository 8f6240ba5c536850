import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIso } from './clock.ts';
import {
  readAccessToken,
  readDate,
  readLifetimeSeconds,
  readNumericDate,
  readRetryAfter,
  readText,
  readTime,
} from './outside-values.ts';

const nonsense = fc.oneof(
  fc.anything(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.bigInt().map(String),
  fc.string({ unit: 'binary' }),
  fc.date({ noInvalidDate: false }).map(String),
);

describe('values from outside', () => {
  it('whatever comes, what is taken can be shown, stored and counted with', () => {
    fc.assert(
      fc.property(nonsense, (value) => {
        for (const time of [readTime(value), readNumericDate(value), readDate(value)]) {
          expect(toIso(time) ?? '2026-01-01T00:00:00.000Z').toMatch(/^\d{4}-/);
          expect(time === null || Number.isSafeInteger(time)).toBe(true);
        }
        const seconds = readLifetimeSeconds(value);
        expect(seconds === null || (seconds > 0 && seconds <= 31_622_400)).toBe(true);
        const wait = readRetryAfter(JSON.stringify(value), 0);
        expect(wait === null || (wait >= 0 && wait <= 3_600_000)).toBe(true);
        expect(readText(value) ?? 'a').not.toContain('\0');
      }),
    );
  });

  it.each([
    [1_700_003_600, 1_700_003_600_000],
    ['1700003600', null],
    [1_700_003_600.5, 1_700_003_600_500],
    [1_700_003_600_000, null],
    [1_700_003_600_000_000, null],
    [1e30, null],
    [0, null],
    [-1, null],
    [Number.NaN, null],
    ['1e9', null],
    [true, null],
    [null, null],
  ])('takes %j as a NumericDate for %j', (value, expected) => {
    expect(readNumericDate(value)).toBe(expected);
  });

  it.each([
    [3599, 3599],
    ['3599', 3599],
    [' 3599 ', 3599],
    ['3599.5', 3599.5],
    [31_622_401, null],
    [1e18, null],
    ['1e3', null],
    ['0x10', null],
    ['an hour', null],
    [0, null],
    [-3600, null],
    [Number.POSITIVE_INFINITY, null],
    [[3600], null],
    [true, null],
  ])('takes %j as a lifetime for %j', (value, expected) => {
    expect(readLifetimeSeconds(value)).toBe(expected);
  });

  it.each([
    ['2026-11-02T09:00:00.1234567Z', Date.UTC(2026, 10, 2, 9, 0, 0, 123)],
    ['9999-12-31T23:59:59-12:00', null],
    ['0000-00-00T00:00:00Z', null],
    ['soon', null],
    [`2026-11-02${' '.repeat(4096)}`, null],
    [17, null],
  ])('takes %j as a date for %j', (value, expected) => {
    expect(readDate(value)).toBe(expected);
  });

  it.each([
    ['7', 7_000],
    [' 7 ', 7_000],
    ['0', 0],
    ['3600', 3_600_000],
    ['3601', 3_600_000],
    ['31622400', 3_600_000],
    ['31622401', null],
    ['9'.repeat(400), null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['Mon, 02 Nov 2026 09:00:07 GMT', 7_000],
    ['Mon, 02 Nov 2026 08:00:00 GMT', 0],
    ['Mon, 02 Nov 2026 10:00:01 GMT', 3_600_000],
    ['Thu, 04 Nov 2027 09:00:00 GMT', null],
    ['Fri, 31 Dec 9999 23:59:59 GMT', null],
    ['later', null],
    ['', null],
    [undefined, null],
  ])('takes %j of the header Retry-After for %j', (value, expected) => {
    expect(readRetryAfter(value, Date.UTC(2026, 10, 2, 9))).toBe(expected);
  });

  it.each([
    ['alice', 'alice'],
    ['', null],
    ['a\0b', null],
    ['a'.repeat(4096), 'a'.repeat(4096)],
    ['a'.repeat(4097), null],
    [7, null],
  ])('takes %j as a text for %j', (value, expected) => {
    expect(readText(value)).toBe(expected);
  });

  it.each([
    ['eyJ0.eyJh_-.c2ln+/=~', 'eyJ0.eyJh_-.c2ln+/=~'],
    ['', null],
    ['a b', null],
    ['a\n', null],
    ['é', null],
    ['a\u007f', null],
    [7, null],
  ])('takes %j as an access token for %j', (value, expected) => {
    expect(readAccessToken(value)).toBe(expected);
  });
});
