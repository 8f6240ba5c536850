import { expect, it } from 'vitest';
import { makeMutants } from './make-mutants.ts';
import { testsLeft } from './mutation-plan.ts';

const plan = { mutants: makeMutants('src/count-up.ts', 'if (a) b();'), testsPerMutant: 10 };
const mutant = plan.mutants[0]?.id ?? 0;

it('lets the tests beside a source look at its mutants though others used up their share', () => {
  expect(testsLeft(plan, mutant, 'src/count-up.test.ts', 10)).toBe(Number.POSITIVE_INFINITY);
});

it.each([
  [0, 10],
  [7, 3],
  [10, 0],
  [12, 0],
])('after %i tests leaves other files %i', (before, left) => {
  expect(testsLeft(plan, mutant, 'src/count-down.test.ts', before)).toBe(left);
  expect(testsLeft(plan, mutant, 'src/deeper/count-up.test.ts', before)).toBe(left);
});
