import { expect, it } from 'vitest';
import { describeDuration } from './describe-duration.ts';

it.each([
  [0, '0 ms'],
  [12.4, '12 ms'],
  [999, '999 ms'],
  [1000, '1.0 s'],
  [20_260, '20.3 s'],
])('says %d ms as "%s"', (durationMs, words) => {
  expect(describeDuration(durationMs)).toBe(words);
});
