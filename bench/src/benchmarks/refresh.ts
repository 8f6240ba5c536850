import type { Effort } from '../measuring/effort.ts';
import { judge, type Outcome } from '../measuring/outcome.ts';
import { readProcessorMicroseconds } from '../measuring/processor-time.ts';
import { median, spreadOf } from '../measuring/spread.ts';
import { withFolder } from '../measuring/with-folder.ts';
import { withServers } from '../measuring/with-servers.ts';
import type { RefreshRound } from '../servers/refresh-on-request.ts';

/** Refreshes under way at a time. */
const connections = 32;
/** All connections of one start are refreshed once: the first round warms up, the others count. */
const fullCount = 10_000;
const quickCount = 2500;
const rounds = 5;
/** From the second round to the last: the tokens that a process keeps ready (10,000 of 4 KB) come to it, and nothing else. */
const mostGrowth = 1.2;
const bytesPerMegabyte = 1_000_000;

interface Refresher {
  origin: string;
  pid: number;
}

interface Measured extends RefreshRound {
  perSecond: number;
  processorMicroseconds: number;
}

/**
 * Ten thousand due connections refreshed by one process: lease, token request, sealing and storing, each durable. Against
 * a bare loop of undici requests with the same concurrency and the same authority. What counts is the time, since most
 * of it is the authority's.
 */
export async function refresh(name: string, effort: Effort): Promise<Outcome> {
  const isFull = effort.starts > 1;
  const count = Math.floor((isFull ? fullCount : quickCount) / rounds);
  const measured = [];
  for (let start = 0; start < effort.starts; start += 1) measured.push(await measureStart(count));
  const counted = measured.flatMap((all) => all.slice(1));
  const ratioSpread = spreadOf(counted.map(({ ours, bare }) => ours.perSecond / bare.perSecond));
  const bar = { atLeast: 0.6 };
  const growth = Math.max(...measured.map((all) => growthOf(all.map(({ ours }) => ours.memoryBytes))));
  const timeVerdict = judge(ratioSpread, bar);
  const both = (figure: (one: Measured) => number) =>
    [
      median(counted.map(({ ours }) => figure(ours))),
      median(counted.map(({ bare }) => figure(bare))),
    ] as const;
  const [value, reference] = both(({ perSecond }) => perSecond);
  return {
    name,
    value,
    unit: 'refreshes a second',
    reference,
    ratio: ratioSpread.median,
    ratioSpread,
    bar,
    verdict: growth <= mostGrowth ? timeVerdict : 'missed',
    beside: {
      'µs of processor a refresh': both(({ processorMicroseconds }) => processorMicroseconds / count),
      'resident memory at the end, MB': both(({ memoryBytes }) => memoryBytes / bytesPerMegabyte),
      'memory of the last round against the second': [growth, 1],
    },
    rounds: measured,
  };
}

function measureStart(count: number): Promise<{ ours: Measured; bare: Measured }[]> {
  return withFolder((dataFolder) =>
    withServers(async ({ start }) => {
      const authority = await start<Record<string, string>>('authority');
      const { pid: _pid, ...facts } = authority;
      const settings = { ...facts, connections: `${connections}` };
      const ours = await start<Refresher>('due-connections', {
        ...settings,
        dataFolder,
        count: `${count * rounds}`,
      });
      const bare = await start<Refresher>('bare-refresh', settings);
      const measured = [];
      for (let round = 0; round < rounds; round += 1) {
        const isOursFirst = round % 2 === 0;
        const first = await measureRound(isOursFirst ? ours : bare, count);
        const second = await measureRound(isOursFirst ? bare : ours, count);
        measured.push(isOursFirst ? { ours: first, bare: second } : { ours: second, bare: first });
      }
      return measured;
    }),
  );
}

async function measureRound({ origin, pid }: Refresher, count: number): Promise<Measured> {
  const before = await readProcessorMicroseconds(pid);
  const answer = await fetch(`${origin}/?count=${count}`);
  if (!answer.ok) throw new Error(await answer.text());
  const round = (await answer.json()) as RefreshRound;
  const processorMicroseconds = (await readProcessorMicroseconds(pid)) - before;
  return { ...round, perSecond: count / round.seconds, processorMicroseconds };
}

/** The first round is left out: a process grows until it is warm. */
function growthOf([, second = 1, ...later]: readonly number[]): number {
  return (later.at(-1) ?? second) / second;
}
