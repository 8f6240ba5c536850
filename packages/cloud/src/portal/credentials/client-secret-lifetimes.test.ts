import { expect, it } from 'vitest';
import { textWith } from '../../testing/expected.ts';
import { chooseSecretPeriod } from './client-secret-lifetimes.ts';

const now = Date.UTC(2026, 0, 31, 10);
const day = 86_400_000;
const custom = (start: string, end: string) => chooseSecretPeriod({ lifetime: 'custom', start, end }, now);

it.each([90, 180, 365, 545, 730])('offers %i days', (days) => {
  expect(chooseSecretPeriod({ lifetime: String(days), start: '', end: '' }, now)).toEqual({
    startAt: now,
    endAt: now + days * day,
  });
});

it('takes days of the calendar, from now on where no start is given', () => {
  expect(custom('2026-02-01', '2026-03-01')).toEqual({
    startAt: Date.UTC(2026, 1, 1),
    endAt: Date.UTC(2026, 2, 1),
  });
  expect(custom('', '2026-03-01')).toEqual({ startAt: now, endAt: Date.UTC(2026, 2, 1) });
});

it.each([
  ['', '', 'Choose the day'],
  ['', '2026-02-31x', 'Choose the day'],
  ['yesterday', '2026-03-01', 'Choose the day'],
  ['2026-02-01', '2028-02-10', '24 months'],
])('refuses from %j to %j', (start, end, reason) => {
  expect(custom(start, end)).toMatchObject({ refusal: { message: textWith(reason) } });
});

it('refuses a lifetime that is not offered', () => {
  expect(chooseSecretPeriod({ lifetime: '9999', start: '', end: '' }, now)).toHaveProperty('refusal');
});
