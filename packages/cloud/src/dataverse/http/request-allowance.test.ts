import { expect, it } from 'vitest';
import { createMovableClock } from '../../clock.ts';
import { createRequestAllowance } from './request-allowance.ts';

it('counts each user for himself and forgets requests after five minutes', () => {
  const clock = createMovableClock({ now: () => 0 });
  const allowance = createRequestAllowance(clock);
  expect(allowance.countRequest('a')).toBe(5_999);
  clock.advance(200_000);
  expect(allowance.countRequest('a')).toBe(5_998);
  expect(allowance.countRequest('b')).toBe(5_999);
  clock.advance(100_000);
  expect(allowance.countRequest('a')).toBe(5_998);
});

it('never tells less than none', () => {
  const allowance = createRequestAllowance(createMovableClock({ now: () => 0 }));
  const left = Array.from({ length: 6_010 }, () => allowance.countRequest('a'));
  expect(left.at(-1)).toBe(0);
});
