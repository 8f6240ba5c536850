import { expect, it } from 'vitest';
import { withLocalTimes } from './with-local-times.ts';

const format = new Intl.DateTimeFormat('en', {
  dateStyle: 'medium',
  timeStyle: 'short',
  timeZone: 'Europe/Berlin',
});

it.each([
  ['It answered at 2026-05-04T12:00:00.250Z.', 'It answered at May 4, 2026, 2:00 PM.'],
  ['From 2026-05-04T23:30:00Z to 2026-05-05T00:00:00Z', 'From May 5, 2026, 1:30 AM to May 5, 2026, 2:00 AM'],
  ['The version is 2026-05-04.', 'The version is 2026-05-04.'],
])('reads "%s"', (sentence, words) => {
  // Newer data puts a narrow no-break space before AM and PM.
  expect(withLocalTimes(sentence, format).replaceAll('\u202f', ' ')).toBe(words);
});
