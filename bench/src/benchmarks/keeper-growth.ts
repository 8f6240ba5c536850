import { startPostgres, type TestPostgres } from '../../../packages/hub/src/testing/start-postgres.ts';
import type { Effort } from '../measuring/effort.ts';
import { type Bar, judge, type Outcome, worstOf } from '../measuring/outcome.ts';
import { median, spreadOf } from '../measuring/spread.ts';
import { withFolder } from '../measuring/with-folder.ts';
import { type Servers, withServers } from '../measuring/with-servers.ts';

const few = 1000;
const many = 1_000_000;
const microsecondsPerMillisecond = 1000;

/** What the keeper does all the time; beside it, what the busiest call asks of the database once a second. */
const works = [
  { path: 'claims', what: 'claimed piece of work', bar: { atLeast: 0.8 } },
  { path: 'reads', what: 'look at a connection', bar: null },
] as const;

/** As `servers/stored-connections.ts` says it. */
interface Measured {
  perSecond: number;
  calmMilliseconds: number;
}

/** Does a work for some seconds on a database that stands. */
type Run = (path: string, seconds: number) => Promise<Measured>;

/**
 * The keeper's claiming, and beside it what a token is served from, with a million stored connections against a thousand, on both
 * databases. The time that one takes in calm moments counts, since on PostgreSQL it is another process that works. The worst
 * counts.
 */
export async function keeperGrowth(name: string, effort: Effort): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const engine of ['sqlite', 'postgres'] as const) {
    const found = await withDatabase(engine, few, (small) =>
      withDatabase(engine, many, async (large) => {
        const measured: Outcome[] = [];
        for (const { path, what, bar } of works)
          measured.push(
            await measure({ name, what: `${what} on ${engine}`, path, bar, small, large }, effort),
          );
        return measured;
      }),
    );
    outcomes.push(...found);
  }
  const worst = outcomes
    .filter(({ bar }) => bar !== null)
    .reduce((one, other) => (other.ratio < one.ratio ? other : one));
  const others = outcomes.map(({ unit, value, reference }) => [unit, [value, reference]] as const);
  return {
    ...worst,
    verdict: worstOf(outcomes.map(({ verdict }) => verdict)),
    beside: Object.fromEntries(others),
    rounds: outcomes,
  };
}

async function withDatabase<Result>(
  engine: 'sqlite' | 'postgres',
  connections: number,
  use: (run: Run) => Promise<Result>,
): Promise<Result> {
  const postgres: TestPostgres | null = engine === 'postgres' ? await startPostgres() : null;
  try {
    return await withFolder((dataFolder) =>
      withServers(async ({ start }: Servers) => {
        const settings = { connections: String(connections), databaseUrl: postgres?.url ?? '', dataFolder };
        const { origin } = await start<{ origin: string }>('stored-connections', settings);
        return use(async (path, seconds) => {
          const answer = await fetch(`${origin}/${path}?seconds=${seconds}`);
          return (await answer.json()) as Measured;
        });
      }),
    );
  } finally {
    await postgres?.stop();
  }
}

interface Measurement {
  name: string;
  what: string;
  path: string;
  bar: Bar | null;
  small: Run;
  large: Run;
}

/** In turns, so that the machine is alike for both. */
async function measure(
  { name, what, path, bar, small, large }: Measurement,
  effort: Effort,
): Promise<Outcome> {
  await small(path, effort.warmUpSeconds);
  await large(path, effort.warmUpSeconds);
  const rounds: { ours: Measured; reference: Measured; ratio: number }[] = [];
  for (let round = 0; round < effort.starts * effort.rounds; round += 1) {
    const reference = await small(path, effort.roundSeconds);
    const ours = await large(path, effort.roundSeconds);
    rounds.push({ ours, reference, ratio: reference.calmMilliseconds / ours.calmMilliseconds });
  }
  const ratioSpread = spreadOf(rounds.map(({ ratio }) => ratio));
  const both = (figure: (result: Measured) => number) =>
    [
      median(rounds.map(({ ours }) => figure(ours))),
      median(rounds.map(({ reference }) => figure(reference))),
    ] as const;
  const [value, reference] = both((result) => result.calmMilliseconds * microsecondsPerMillisecond);
  return {
    name,
    value,
    unit: `µs a ${what}`,
    reference,
    ratio: ratioSpread.median,
    ratioSpread,
    bar,
    verdict: judge(ratioSpread, bar),
    beside: { 'a second': both((result) => result.perSecond) },
    rounds,
  };
}
