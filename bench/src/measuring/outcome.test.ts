import { expect, it } from 'vitest';
import { judge, worstOf } from './outcome.ts';
import { spreadOf } from './spread.ts';

const around = (median: number) => ({
  median,
  lowerQuartile: median - 0.05,
  upperQuartile: median + 0.05,
});

it('meets a bar only with the whole middle half of the measurements', () => {
  expect(judge(around(0.8), { atLeast: 0.75 })).toBe('met');
  expect(judge(around(0.79), { atLeast: 0.75 })).toBe('unclear');
  expect(judge(around(0.69), { atLeast: 0.75 })).toBe('missed');
});

it('takes a bar from above as it does one from below', () => {
  expect(judge(around(0.95), { atMost: 1 })).toBe('met');
  expect(judge(around(1), { atMost: 1 })).toBe('unclear');
  expect(judge(around(1.1), { atMost: 1 })).toBe('missed');
});

it('asks nothing where there is no bar', () => {
  expect(judge(around(0.1), null)).toBe('met');
});

it('counts the worst of several verdicts', () => {
  expect(worstOf(['met', 'unclear', 'missed'])).toBe('missed');
  expect(worstOf(['met', 'unclear'])).toBe('unclear');
  expect(worstOf(['met'])).toBe('met');
});

it('finds the middle and the quartiles in any order, between two values where none is there', () => {
  expect(spreadOf([9, 1, 5, 3, 7])).toEqual({ median: 5, lowerQuartile: 3, upperQuartile: 7 });
  expect(spreadOf([1, 2])).toEqual({ median: 1.5, lowerQuartile: 1.25, upperQuartile: 1.75 });
  expect(() => spreadOf([])).toThrow('Nothing was measured.');
});
