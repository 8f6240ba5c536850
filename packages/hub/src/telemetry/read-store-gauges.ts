import { sql } from 'kysely';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { Store } from '../store/store.ts';

/** What the database says of how things stand. */
export interface StoreGauges {
  /** By the state that was recorded last; estimated where there are more than the sample has. */
  connectionsByState: ReadonlyMap<string, number>;
  /** Milliseconds since the tokens of the sample were obtained, in ascending order. */
  tokenAges: number[];
  work: {
    /** What is due; counted up to a limit. */
    due: number;
    dueWithinHour: number;
    /** Milliseconds for which the longest due has been so. */
    longestOverdue: number;
  };
  /** The registrations whose secrets end first. */
  secrets: { registrationId: string; daysLeft: number }[];
}

/** Enough for a share to be right within three of a hundred. */
const sampleSize = 1_000;
const mostCounted = 10_000;
const mostSecrets = 100;

interface GaugeContext {
  store: Store;
  clock: Clock;
  random: Random;
}

/**
 * Reads the figures by indexes alone, in the same time for a million connections as for a thousand: what is due up to a
 * limit, and connections as a sample.
 */
export async function readStoreGauges(context: GaugeContext): Promise<StoreGauges> {
  const sample = await sampleConnections(context);
  const now = context.clock.now();
  const counts = new Map<string, number>();
  for (const { state } of sample.rows) counts.set(state ?? 'new', (counts.get(state ?? 'new') ?? 0) + 1);
  return {
    connectionsByState: new Map(
      [...counts].map(([state, count]) => [state, Math.round(count * sample.connectionsPerRow)]),
    ),
    tokenAges: sample.rows
      .flatMap((row) => (row.obtained_at === null ? [] : [now - row.obtained_at]))
      .toSorted((a, b) => a - b),
    work: await readWork(context),
    secrets: await readSecrets(context),
  };
}

interface SampleRow {
  id: string;
  state: string | null;
  obtained_at: number | null;
}

/**
 * Reads some connections from a place by chance on, round the end. Their ids are random, so these are as good as any, and
 * how far apart they lie says how many there are.
 */
async function sampleConnections({
  store,
  random,
}: GaugeContext): Promise<{ rows: SampleRow[]; connectionsPerRow: number }> {
  const from = random
    .bytes(8)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})$/, '$1-$2-$3');
  // Some are taken first: else PostgreSQL joins both tables from the beginning on, and reads half of the second.
  const read = (side: '>=' | '<', limit: number) =>
    store.db
      .selectFrom((eb) =>
        eb
          .selectFrom('connections')
          .select(['id', 'state'])
          .where('id', side, from)
          .orderBy('id')
          .limit(limit)
          .as('sample'),
      )
      .leftJoin('token_sets', 'token_sets.connection_id', 'sample.id')
      .select(['sample.id', 'sample.state', 'token_sets.obtained_at'])
      .orderBy('sample.id')
      .execute();
  const after = await read('>=', sampleSize);
  const missing = sampleSize - after.length;
  const before = missing > 0 ? await read('<', missing) : [];
  const rows = [...after, ...before];
  if (rows.length < sampleSize) return { rows, connectionsPerRow: 1 };
  const last = placeOf(rows.at(-1)?.id ?? from);
  const share = (last - placeOf(from) + 1) % 1;
  // The whole circle was gone round by exactly as many as there are.
  return { rows, connectionsPerRow: share > 0 ? 1 / share : 1 };
}

/** @returns where an id lies among all ids, from 0 to 1 */
function placeOf(id: string): number {
  const digits = 12;
  return Number.parseInt(id.replaceAll('-', '').slice(0, digits), 16) / 16 ** digits;
}

async function readWork({ store: { db }, clock }: GaugeContext): Promise<StoreGauges['work']> {
  const now = clock.now();
  const countBefore = async (time: number) => {
    const limited = db.selectFrom('due_work').select('due_at').where('due_at', '<=', time).limit(mostCounted);
    const { count } = await db
      .selectFrom(limited.as('counted'))
      .select(sql<number>`count(*)`.as('count'))
      .executeTakeFirstOrThrow();
    return count;
  };
  const first = await db
    .selectFrom('due_work')
    .select('due_at')
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return {
    due: await countBefore(now),
    dueWithinHour: await countBefore(now + millisecondsPerHour),
    longestOverdue: first === undefined ? 0 : Math.max(0, now - first.due_at),
  };
}

async function readSecrets({ store: { db }, clock }: GaugeContext): Promise<StoreGauges['secrets']> {
  const rows = await db
    .selectFrom('registrations')
    .select(['id', 'client_secret_ends_at'])
    .where('client_secret_ends_at', 'is not', null)
    .where('state', '=', 'ready')
    .orderBy('client_secret_ends_at')
    .limit(mostSecrets)
    .execute();
  return rows.map((row) => ({
    registrationId: row.id,
    daysLeft: ((row.client_secret_ends_at ?? 0) - clock.now()) / millisecondsPerDay,
  }));
}
