import { measureSide } from '../measuring/compare.ts';
import type { Outcome } from '../measuring/outcome.ts';
import { median, spreadOf } from '../measuring/spread.ts';
import {
  callFromMemory,
  callLookedUp,
  claimOfWork,
  type Engine,
  proofOfConnection,
  refreshOnRequest,
  type StoredHub,
  type StoredWork,
  tokenFromMemory,
  tokenLookedUp,
  withStoredHub,
} from '../measuring/with-stored-hub.ts';
import { readWrittenBytes } from '../measuring/written-bytes.ts';

const connections = 10_000;
const works = [
  tokenFromMemory,
  tokenLookedUp,
  callFromMemory,
  callLookedUp,
  refreshOnRequest,
  proofOfConnection,
  claimOfWork,
] as const;
const seconds = 2;
const rounds = 3;

interface Cost {
  hubMicroseconds: number;
  databaseMicroseconds: number;
  queries: number;
  writtenBytes: number;
}

/**
 * What one of each costs, on SQLite ("ours") and on PostgreSQL ("reference"): the figures of docs/scale.md. Nothing is asked of
 * them.
 */
export async function costs(name: string): Promise<Outcome> {
  const [sqlite, postgres] = [await measureAll('sqlite'), await measureAll('postgres')];
  const beside: Record<string, readonly [number, number]> = {};
  for (const { what } of works) {
    const [one, other] = [sqlite.costs.get(what), postgres.costs.get(what)];
    if (!one || !other) continue;
    beside[`${what}: µs of the hub`] = [one.hubMicroseconds, other.hubMicroseconds];
    beside[`${what}: µs of PostgreSQL`] = [one.databaseMicroseconds, other.databaseMicroseconds];
    beside[`${what}: statements`] = [one.queries, other.queries];
    beside[`${what}: bytes written`] = [one.writtenBytes, other.writtenBytes];
  }
  const [value, reference] = [sqlite.bytes, postgres.bytes];
  return {
    name,
    value,
    unit: 'bytes in the database a connection',
    reference,
    ratio: value / reference,
    ratioSpread: spreadOf([value / reference]),
    bar: null,
    verdict: 'met',
    beside,
    rounds: [],
  };
}

function measureAll(engine: Engine) {
  return withStoredHub(engine, connections, async (hub) => {
    const { bytes } = await hub.command<{ bytes: number }>('size');
    const found = new Map<string, Cost>();
    for (const work of works) found.set(work.what, await measureCost(hub, work));
    // Counting takes a little itself, so it comes after the rest.
    for (const work of works) {
      const cost = found.get(work.what);
      if (cost) cost.queries = await countQueries(hub, work);
    }
    return { bytes: bytes / connections, costs: found };
  });
}

async function measureCost(hub: StoredHub, work: StoredWork): Promise<Cost> {
  const side = await hub.side(work);
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = await readWrittenBytes(side);
    const result = await measureSide(side, seconds);
    measured.push({ ...result, writtenBytes: ((await readWrittenBytes(side)) - before) / result.requests });
  }
  const database = median(measured.map((one) => one.databaseMicrosecondsPerRequest));
  return {
    hubMicroseconds: median(measured.map((one) => one.processorMicrosecondsPerRequest)) - database,
    databaseMicroseconds: database,
    queries: 0,
    writtenBytes: median(measured.map((one) => one.writtenBytes)),
  };
}

async function countQueries(hub: StoredHub, work: StoredWork): Promise<number> {
  const side = await hub.side(work);
  const count = async () => (await hub.command<{ count: number }>('queries')).count;
  const before = await count();
  const { requests } = await side.run(1);
  return ((await count()) - before) / requests;
}
