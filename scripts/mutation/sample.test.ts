import { expect, it } from 'vitest';
import { sample } from './sample.ts';

const list = Array.from({ length: 100 }, (_, index) => index);

it('takes the same of the same list every time, in its order', () => {
  const taken = sample(list, 10);
  expect(taken).toHaveLength(10);
  expect(taken).toEqual(taken.toSorted((one, other) => one - other));
  expect(taken).not.toEqual(list.slice(0, 10));
  expect(sample(list, 10)).toEqual(taken);
});

it('takes all of a list that is no longer than it', () => {
  expect(sample(list, 100)).toEqual(list);
});
