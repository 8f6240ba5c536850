import type { Kysely } from 'kysely';
import { HubError } from '../errors/hub-error.ts';
import { type NewEvent, recordEvent } from '../events/record-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { isLeased, leaseEnd, takeLease, waitUnderWorkLease, workLeaseMilliseconds } from '../store/lease.ts';
import type { ApplicationUserRow, Database } from '../store/schema.ts';
import type { ApplicationUserContext } from './application-user-context.ts';
import type { ApplicationUserChange } from './application-user-row.ts';

/** The version goes up with a lease, so a run that lost it fails at its next write. */
const leasedApplicationUsers = {
  table: 'application_users',
  key: 'connection_id',
  fence: 'version',
  milliseconds: workLeaseMilliseconds,
} as const;

/** A run's hold on an application user. `row` is always the row as this run last wrote it. */
export interface ApplicationUserRun {
  readonly context: ApplicationUserContext;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
  row: ApplicationUserRow;
}

/** @returns a run's hold; undefined while another run has it, or where there is nothing */
export async function claimApplicationUser(
  context: ApplicationUserContext,
  connectionId: string,
  signal: AbortSignal,
): Promise<ApplicationUserRun | undefined> {
  const row = await takeLease(context, leasedApplicationUsers, connectionId);
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
      lease_until: leaseEnd(context.databaseNow, workLeaseMilliseconds),
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

/** @returns whether a run holds it now */
export function isHeld(context: ApplicationUserContext, connectionId: string): Promise<boolean> {
  return isLeased(context, leasedApplicationUsers, connectionId);
}

/** Waits and keeps the lease meanwhile. Rejects when the hub closes. */
export function waitUnderLease(run: ApplicationUserRun, milliseconds: number): Promise<void> {
  return waitUnderWorkLease(run.context.sleep, milliseconds, run.signal, () => changeUnderLease(run, {}));
}
