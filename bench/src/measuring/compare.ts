import type { Effort } from './effort.ts';
import { type Bar, judge, type Outcome } from './outcome.ts';
import { readFamilyMicroseconds, readProcessorMicroseconds } from './processor-time.ts';
import { type Load, type LoadResult, loadProgram, runLoad } from './run-load.ts';
import { runLoadProgram } from './run-load-program.ts';
import { median, spreadOf } from './spread.ts';
import { type Servers, withServers } from './with-servers.ts';

/** A server under measurement. */
export interface Side {
  /** Of several, the one counts that had the most to do: it is what more of them would have to share. */
  pid: number | readonly number[];
  /** The server of its database, a process with children: their time counts as well. */
  databasePid?: number;
  /** Puts load on it for some seconds. */
  run: (seconds: number) => Promise<LoadResult>;
  /** Sends it so many requests a second, where that is asked. */
  runAtRate?: (perSecond: number, seconds: number) => Promise<Latency>;
}

export interface Pair {
  ours: Side;
  reference: Side;
}

interface Latency {
  p50Milliseconds: number;
  p99Milliseconds: number;
}

/** One side's part of a round. */
export interface Measured extends LoadResult {
  processorMicrosecondsPerRequest: number;
  /** The database server's part of it; 0 where it works within the process. */
  databaseMicrosecondsPerRequest: number;
}

/** Both had load right after each other, so the machine was alike for both. */
interface Round {
  ours: Measured;
  reference: Measured;
  /** Of processor time: the reference's over ours. */
  ratio: number;
}

/** What one start of both sides brought. */
interface StartResult {
  rounds: Round[];
  /** At a rate well below what either can. */
  atRate?: { perSecond: number; ours: Latency; reference: Latency };
}

/** A share of what the slower side can. */
const calmShare = 0.25;

/** What is compared, and what is asked of it. */
export interface Comparison {
  name: string;
  /** What one request is: `token`, `request`. */
  what: string;
  bar: Bar | null;
  startPair: (servers: Servers) => Promise<Pair>;
}

/**
 * Measures two servers in the same run: starts both several times, warms them up and gives them load in turns. What
 * counts is the processor time that a request costs each, as it hardly moves with the machine's other work, where
 * requests a second do.
 */
export async function compare({ name, what, bar, startPair }: Comparison, effort: Effort): Promise<Outcome> {
  const starts: StartResult[] = [];
  for (let start = 0; start < effort.starts; start++) {
    starts.push(await withServers(async (servers) => measureStart(await startPair(servers), effort)));
  }
  const rounds = starts.flatMap((start) => start.rounds);
  const ratioSpread = spreadOf(rounds.map(({ ratio }) => ratio));
  const both = (figure: (measured: Measured) => number) =>
    [
      median(rounds.map(({ ours }) => figure(ours))),
      median(rounds.map(({ reference }) => figure(reference))),
    ] as const;
  const [value, reference] = both((measured) => measured.processorMicrosecondsPerRequest);
  return {
    name,
    value,
    unit: `µs of processor a ${what}`,
    reference,
    ratio: ratioSpread.median,
    ratioSpread,
    bar,
    verdict: judge(ratioSpread, bar),
    beside: {
      [`${what}s a second`]: both((measured) => measured.requestsPerSecond),
      'p50 under load, ms': both((measured) => measured.p50Milliseconds),
      'p99 under load, ms': both((measured) => measured.p99Milliseconds),
      ...presentAtRate(starts, what),
    },
    ...(starts.some(({ atRate }) => atRate) && { load: loadProgram }),
    rounds: starts,
  };
}

/** A side that gets the same request over and over. */
export function sideUnderRequests(pid: Side['pid'], load: Load): Side {
  return {
    pid,
    run: (seconds) => runLoad(load, seconds),
    runAtRate: (rate, seconds) => runLoadProgram('at-rate', { ...load, rate, seconds }),
  };
}

async function measureStart({ ours, reference }: Pair, effort: Effort): Promise<StartResult> {
  await reference.run(effort.warmUpSeconds);
  await ours.run(effort.warmUpSeconds);
  const rounds: Round[] = [];
  // Who goes first changes, so that neither always follows the other.
  for (let round = 0; round < effort.rounds; round++) {
    rounds.push(await measureRound(ours, reference, effort.roundSeconds, round % 2 === 0));
  }
  if (!ours.runAtRate || !reference.runAtRate) return { rounds };
  const slower = Math.min(
    ...rounds.map((round) => Math.min(round.ours.requestsPerSecond, round.reference.requestsPerSecond)),
  );
  const perSecond = Math.floor(slower * calmShare);
  return {
    rounds,
    atRate: {
      perSecond,
      ours: await ours.runAtRate(perSecond, effort.roundSeconds),
      reference: await reference.runAtRate(perSecond, effort.roundSeconds),
    },
  };
}

async function measureRound(
  ours: Side,
  reference: Side,
  seconds: number,
  isOursFirst: boolean,
): Promise<Round> {
  const first = await measureSide(isOursFirst ? ours : reference, seconds);
  const second = await measureSide(isOursFirst ? reference : ours, seconds);
  const [one, other] = isOursFirst ? [first, second] : [second, first];
  const ratio = other.processorMicrosecondsPerRequest / one.processorMicrosecondsPerRequest;
  return { ours: one, reference: other, ratio };
}

/** Puts load on one side for some seconds. */
export async function measureSide({ pid, databasePid, run }: Side, seconds: number): Promise<Measured> {
  const pids = typeof pid === 'number' ? [pid] : pid;
  const readAll = () => Promise.all(pids.map(readProcessorMicroseconds));
  const readDatabase = () => (databasePid === undefined ? 0 : readFamilyMicroseconds(databasePid));
  const [before, databaseBefore] = [await readAll(), await readDatabase()];
  const result = await run(seconds);
  const [after, databaseAfter] = [await readAll(), await readDatabase()];
  const used = Math.max(...after.map((microseconds, index) => microseconds - (before[index] ?? 0)));
  const databaseUsed = databaseAfter - databaseBefore;
  return {
    ...result,
    processorMicrosecondsPerRequest: (used + databaseUsed) / result.requests,
    databaseMicrosecondsPerRequest: databaseUsed / result.requests,
  };
}

function presentAtRate(starts: readonly StartResult[], what: string): Outcome['beside'] {
  const calm = starts.flatMap(({ atRate }) => atRate ?? []);
  if (calm.length === 0) return {};
  const perSecond = Math.round(median(calm.map((one) => one.perSecond)));
  const both = (figure: (latency: Latency) => number) =>
    [
      median(calm.map(({ ours }) => figure(ours))),
      median(calm.map(({ reference }) => figure(reference))),
    ] as const;
  return {
    [`p50 at ${perSecond} ${what}s/s, ms`]: both((latency) => latency.p50Milliseconds),
    [`p99 at ${perSecond} ${what}s/s, ms`]: both((latency) => latency.p99Milliseconds),
  };
}
