import { type Kysely, sql } from 'kysely';
import { HubError } from '../errors/hub-error.ts';
import { type NewEvent, recordEvent } from '../events/record-event.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { ApplicationUserRow, Database } from '../store/schema.ts';
import type { ApplicationUserContext } from './application-user-context.ts';
import type { ApplicationUserChange } from './application-user-row.ts';

/** Outlives one outbound call (20 s); every write and every slice of a wait renews it. */
export const leaseMilliseconds = 30 * millisecondsPerSecond;
const waitSliceMilliseconds = 10 * millisecondsPerSecond;
const ownerBytes = 16;

/** A run's hold on an application user. `row` is always the row as this run last wrote it. */
export interface ApplicationUserRun {
  readonly context: ApplicationUserContext;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
  row: ApplicationUserRow;
}

/** @returns a run's hold, by the database's time; undefined while another run has it, or where there is nothing */
export async function claimApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
  signal: AbortSignal,
): Promise<ApplicationUserRun | undefined> {
  const now = context.databaseNow();
  const row = await context.store.db
    .updateTable('application_users')
    .set((eb) => ({
      lease_owner: context.random.bytes(ownerBytes).toString('base64url'),
      lease_until: sql<number>`${now} + ${sql.lit(leaseMilliseconds)}`,
      version: eb('version', '+', 1),
    }))
    .where('connection_id', '=', connectionId)
    .where('lease_until', '<=', now)
    .returningAll()
    .executeTakeFirst();
  return row && { context, signal, row };
}

/** Writes a change and renews the lease. @throws HubError `application_user_busy` when the lease is lost */
export async function changeUnderLease(
  run: ApplicationUserRun,
  change: ApplicationUserChange,
): Promise<void> {
  run.row = await writeChange(run, run.context.store.db, change);
}

/** The same, with what happened told in the connection's timeline. */
export async function changeAndTell(
  run: ApplicationUserRun,
  change: ApplicationUserChange,
  { kind, summary }: Pick<NewEvent, 'kind' | 'summary'>,
): Promise<void> {
  const { context } = run;
  run.row = await inTransaction(context.store, async (db) => {
    const row = await writeChange(run, db, change);
    await recordEvent(db, context, { subject: { kind: 'connection', id: row.connection_id }, kind, summary });
    return row;
  });
}

async function writeChange(
  { context, row }: ApplicationUserRun,
  db: Kysely<Database>,
  change: ApplicationUserChange,
): Promise<ApplicationUserRow> {
  const changed = await db
    .updateTable('application_users')
    .set({
      lease_until: sql<number>`${context.databaseNow()} + ${sql.lit(leaseMilliseconds)}`,
      ...change,
      version: row.version + 1,
      updated_at: context.clock.now(),
    })
    .where('connection_id', '=', row.connection_id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst();
  if (!changed) throw new HubError('application_user_busy');
  return changed;
}

/** @returns whether a run holds it now, by the database's time: a process that died holds nothing once its lease is over */
export async function isHeld(context: ApplicationUserContext, connectionId: string): Promise<boolean> {
  const held = await context.store.db
    .selectFrom('application_users')
    .select('connection_id')
    .where('connection_id', '=', connectionId)
    .where('lease_until', '>', context.databaseNow())
    .executeTakeFirst();
  return held !== undefined;
}

/** Waits and keeps the lease meanwhile. Rejects when the hub closes. */
export async function waitUnderLease(run: ApplicationUserRun, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= waitSliceMilliseconds) {
    await run.context.sleep(Math.min(left, waitSliceMilliseconds), run.signal);
    await changeUnderLease(run, {});
  }
}
