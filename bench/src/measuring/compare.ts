import { median } from './median.ts';
import { type Load, type Measured, runLoad } from './run-load.ts';

const warmUpSeconds = 3;
const roundSeconds = 3;
const rounds = 5;

export interface Comparison {
  value: number;
  reference: number;
  ratio: number;
  /** Requests a second of each round: ours and the reference's. */
  rounds: [number, number][];
  p99Milliseconds: [number, number];
}

/**
 * Measures two servers in the same run: warms both up, then gives them load in turns, so that what else the machine
 * does hits both alike. Medians over the rounds.
 */
export async function compare(ours: Load, reference: Load): Promise<Comparison> {
  await runLoad(reference, warmUpSeconds);
  await runLoad(ours, warmUpSeconds);
  const pairs: [Measured, Measured][] = [];
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that neither always follows the other's garbage collection.
    const isOursFirst = round % 2 === 0;
    const first = await runLoad(isOursFirst ? ours : reference, roundSeconds);
    const second = await runLoad(isOursFirst ? reference : ours, roundSeconds);
    pairs.push(isOursFirst ? [first, second] : [second, first]);
  }
  const value = median(pairs.map(([one]) => one.requestsPerSecond));
  const other = median(pairs.map(([, one]) => one.requestsPerSecond));
  return {
    value,
    reference: other,
    ratio: value / other,
    rounds: pairs.map(([one, two]) => [one.requestsPerSecond, two.requestsPerSecond]),
    p99Milliseconds: [
      median(pairs.map(([one]) => one.p99Milliseconds)),
      median(pairs.map(([, one]) => one.p99Milliseconds)),
    ],
  };
}
