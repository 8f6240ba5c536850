import { expect, it } from 'vitest';
import { describeMoment } from './describe-moment.ts';

const now = new Date('2026-05-04T12:00:00Z');

it.each([
  ['2026-05-04T12:00:00Z', 'just now'],
  ['2026-05-04T11:59:01Z', 'just now'],
  ['2026-05-04T12:00:30Z', 'in less than a minute'],
  ['2026-05-04T11:59:00Z', '1 minute ago'],
  ['2026-05-04T12:59:59Z', 'in 59 minutes'],
  ['2026-05-04T10:00:00Z', '2 hours ago'],
  ['2026-05-03T11:00:00Z', 'yesterday'],
  ['2026-05-05T12:00:00Z', 'tomorrow'],
  ['2026-04-20T12:00:00Z', '14 days ago'],
  ['2026-07-04T12:00:00Z', 'in 2 months'],
  ['2028-05-03T12:00:00Z', 'in 2 years'],
])('says %s as "%s"', (moment, words) => {
  expect(describeMoment(new Date(moment), now)).toBe(words);
});
