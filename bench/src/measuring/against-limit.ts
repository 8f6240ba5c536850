import { judge, type Outcome } from './outcome.ts';
import { spreadOf } from './spread.ts';

/** Holds what was measured against a fixed figure that it may not exceed. */
export function againstLimit(
  name: string,
  unit: string,
  values: readonly number[],
  limit: number,
  rounds: readonly unknown[] = values,
): Outcome {
  const ratioSpread = spreadOf(values.map((value) => value / limit));
  const bar = { atMost: 1 };
  const ratio = ratioSpread.median;
  return {
    name,
    value: ratio * limit,
    unit,
    reference: limit,
    ratio,
    ratioSpread,
    bar,
    verdict: judge(ratioSpread, bar),
    beside: {},
    rounds,
  };
}
