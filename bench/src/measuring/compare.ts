import { type Load, type Measured, runLoad } from './run-load.ts';

const warmUpSeconds = 3;
const roundSeconds = 3;
/** Odd, so that one round is the middle one. */
const usualRounds = 7;

/** One round: both had load right after each other, so the machine was alike for both. */
interface Round {
  ours: Measured;
  reference: Measured;
  ratio: number;
}

export interface Comparison {
  /** Requests a second of the middle round. */
  value: number;
  reference: number;
  ratio: number;
  /** Requests a second of each round: ours and the reference's. */
  rounds: [number, number][];
  /** Of the middle round: ours and the reference's. */
  p99Milliseconds: [number, number];
}

/** Puts load on one of the two for some seconds. */
export type RunLoad = (seconds: number) => Promise<Measured>;

/** Compares two servers under the same requests, sent over and over. */
export function compare(ours: Load, reference: Load, rounds = usualRounds): Promise<Comparison> {
  return compareRuns(
    (seconds) => runLoad(ours, seconds),
    (seconds) => runLoad(reference, seconds),
    rounds,
  );
}

/**
 * Measures two servers in the same run: warms both up, then gives them load in turns. The round with the middle ratio
 * counts: a machine's speed drifts from round to round, and figures of different rounds say nothing about each other.
 */
export async function compareRuns(
  ours: RunLoad,
  reference: RunLoad,
  rounds = usualRounds,
): Promise<Comparison> {
  await reference(warmUpSeconds);
  await ours(warmUpSeconds);
  const measured: Round[] = [];
  // Who goes first changes, so that neither always follows the other.
  for (let round = 0; round < rounds; round++)
    measured.push(await measureRound(ours, reference, round % 2 === 0));
  const middle = measured.toSorted((one, other) => one.ratio - other.ratio)[Math.floor(rounds / 2)];
  if (!middle) throw new RangeError('No round was measured.');
  return {
    value: middle.ours.requestsPerSecond,
    reference: middle.reference.requestsPerSecond,
    ratio: middle.ratio,
    rounds: measured.map((round) => [round.ours.requestsPerSecond, round.reference.requestsPerSecond]),
    p99Milliseconds: [middle.ours.p99Milliseconds, middle.reference.p99Milliseconds],
  };
}

async function measureRound(ours: RunLoad, reference: RunLoad, isOursFirst: boolean): Promise<Round> {
  const first = await (isOursFirst ? ours : reference)(roundSeconds);
  const second = await (isOursFirst ? reference : ours)(roundSeconds);
  const [one, other] = isOursFirst ? [first, second] : [second, first];
  return { ours: one, reference: other, ratio: one.requestsPerSecond / other.requestsPerSecond };
}
