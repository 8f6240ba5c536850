import { compare } from '../measuring/compare.ts';
import type { Effort } from '../measuring/effort.ts';
import { type Outcome, worstOf } from '../measuring/outcome.ts';
import {
  callFromMemory,
  callLookedUp,
  claimOfWork,
  type Engine,
  refreshOnRequest,
  type StoredHub,
  type StoredWork,
  tokenFromMemory,
  tokenLookedUp,
  withStoredHub,
} from '../measuring/with-stored-hub.ts';

const few = 1000;
const many = 1_000_000;
const manyInHaste = 100_000;
/** What is done while a database has many connections, or few. */
const works = [
  tokenFromMemory,
  tokenLookedUp,
  callFromMemory,
  callLookedUp,
  refreshOnRequest,
  claimOfWork,
] as const;
/** Filling is what takes long: each database is filled once. */
const starts = 1;

/**
 * What everything costs with a million stored connections against a thousand, on both databases: processor time of the hub and
 * of PostgreSQL together. The worst counts.
 */
export async function growth(name: string, effort: Effort): Promise<Outcome> {
  const large = effort.starts > 1 ? many : manyInHaste;
  const outcomes: Outcome[] = [];
  for (const engine of ['sqlite', 'postgres'] as const) {
    await withStoredHub(engine, large, (ours) =>
      withStoredHub(engine, few, async (reference) => {
        for (const work of works) outcomes.push(await measure({ name, engine, work, ours, reference }));
      }),
    );
  }
  const worst = outcomes.reduce((one, other) => (other.ratio < one.ratio ? other : one));
  const beside = outcomes.map(({ unit, value, reference }) => [unit, [value, reference]] as const);
  return {
    ...worst,
    verdict: worstOf(outcomes.map(({ verdict }) => verdict)),
    beside: Object.fromEntries(beside),
    rounds: outcomes,
  };
}

interface Measurement {
  name: string;
  engine: Engine;
  work: StoredWork;
  ours: StoredHub;
  reference: StoredHub;
}

function measure({ name, engine, work, ours, reference }: Measurement): Promise<Outcome> {
  const what = `${work.what} on ${engine}`;
  const startPair = async () => ({ ours: await ours.side(work), reference: await reference.side(work) });
  return compare(
    { name, what, bar: { atLeast: 0.8 }, startPair },
    { starts, rounds: 3, warmUpSeconds: 1, roundSeconds: 2 },
  );
}
