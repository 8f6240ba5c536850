import { z } from 'zod';
import { hubVersion } from '../config/config.ts';
import { hubItself, recordEvent } from '../events/record-event.ts';
import { clockDifference } from '../ground/bounded-times.ts';
import { toIso } from '../ground/clock.ts';
import { millisecondsPerHour, millisecondsPerMinute } from '../ground/durations.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { removeEndedRows } from '../store/remove-ended-rows.ts';
import type { KeeperRecord, KindRecord } from './keeper-record.ts';

type EventContext = Pick<HubContext, 'store' | 'clock' | 'random'>;

/** One that has not reported for so long is gone, or can't reach the database. */
const silentAfter = 2 * millisecondsPerMinute;
/** What one that is gone has done is shown for so long. */
const rememberedMilliseconds = millisecondsPerHour;

/** A hub process, as it reports what its keeper does. */
export interface KeeperProcess {
  id: string;
  /** Its machine and process id, for people. */
  name: string;
  isOn: boolean;
  startedAt: number;
}

/** A process as it last reported. */
export interface ReportedProcess extends KeeperProcess {
  lastSeenAt: number;
  isSilent: boolean;
  underWay: number;
  kinds: Map<string, KindRecord>;
}

/** Writes down what a process does, for whoever watches the keeper at any process. */
export async function reportProcess(
  { store: { db }, clock }: Pick<HubContext, 'store' | 'clock'>,
  { id, name, isOn, startedAt }: KeeperProcess,
  record: KeeperRecord,
): Promise<void> {
  const columns = {
    name,
    is_on: isOn ? 1 : 0,
    started_at: startedAt,
    seen_at: clock.now(),
    under_way: record.underWay,
    kinds: JSON.stringify(Object.fromEntries(record.kinds)),
  };
  await db
    .insertInto('keeper_processes')
    .values({ id, ...columns })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(columns))
    .execute();
}

/** A process that ends in order is there no more, and says so. */
export async function removeProcess(context: EventContext, { id, name }: KeeperProcess): Promise<void> {
  await inTransaction(context.store, async (db) => {
    await db.deleteFrom('keeper_processes').where('id', '=', id).execute();
    await recordEvent(db, context, {
      subject: hubItself,
      kind: 'process_stopped',
      summary: `The process ${name} ended in order.`,
      facts: { process: name },
    });
  });
}

/** Tells that a process has begun its work. */
export async function tellStarted(context: EventContext, { name, isOn }: KeeperProcess): Promise<void> {
  await recordEvent(context.store.db, context, {
    subject: hubItself,
    kind: 'process_started',
    summary: `The process ${name} started, version ${hubVersion}${isOn ? '' : ', its keeper switched off'}.`,
    facts: { process: name, version: hubVersion, keeper: isOn },
  });
}

/** Tells of processes that were killed, or don't reach the database: all others look, and one of them tells. */
export async function tellSilent(context: EventContext): Promise<void> {
  for (const { id, name, isSilent, lastSeenAt } of await listProcesses(context)) {
    if (!isSilent) continue;
    await recordEvent(context.store.db, context, {
      subject: hubItself,
      kind: 'process_silent',
      summary: `The process ${name} has not reported since ${toIso(lastSeenAt)}: it was killed, or does not reach the database.`,
      facts: { process: name },
      onceAs: `${id} ${lastSeenAt}`,
    });
  }
}

/** Forgets processes that were killed long ago, and those that reported by a clock that was wrong. */
export async function removeOldProcesses(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  signal?: AbortSignal,
): Promise<number> {
  const before = clock.now() - rememberedMilliseconds;
  await store.db
    .deleteFrom('keeper_processes')
    .where('seen_at', '>', clock.now() + clockDifference)
    .execute();
  return removeEndedRows(
    store,
    { table: 'keeper_processes', key: 'id', endColumn: 'seen_at', before },
    signal,
  );
}

const kindsSchema = z.record(
  z.string(),
  z.object({ runs: z.number(), failures: z.number(), lastRunAt: z.number(), lastMilliseconds: z.number() }),
);

/** @returns the processes of this database, the oldest first */
export async function listProcesses({
  store: { db },
  clock,
}: Pick<HubContext, 'store' | 'clock'>): Promise<ReportedProcess[]> {
  const now = clock.now();
  const rows = await db
    .selectFrom('keeper_processes')
    .selectAll()
    .where('seen_at', '>', now - rememberedMilliseconds)
    .where('seen_at', '<=', now + clockDifference)
    .orderBy('started_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    isOn: row.is_on !== 0,
    startedAt: row.started_at,
    lastSeenAt: row.seen_at,
    isSilent: now - row.seen_at >= silentAfter,
    underWay: row.under_way,
    kinds: new Map(Object.entries(readColumn(kindsSchema, row.kinds, 'keeper_processes.kinds'))),
  }));
}
