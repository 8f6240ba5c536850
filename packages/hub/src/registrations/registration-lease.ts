import { type Kysely, type RawBuilder, sql } from 'kysely';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { changeRegistration, changeRegistrationIn, type RegistrationChange } from './change-registration.ts';
import { noLease } from './cleared-columns.ts';
import { findRegistration } from './find-registration.ts';

/** Outlives one outbound call (20 s); every write and every slice of a wait renews it. */
const leaseMilliseconds = 30 * millisecondsPerSecond;
const waitSliceMilliseconds = 10 * millisecondsPerSecond;
const ownerBytes = 16;

/** A run's hold on a registration. `row` is always the row as this run last wrote it. */
export interface RegistrationRun {
  readonly context: ProviderContext;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
  row: RegistrationRow;
}

/**
 * Takes a registration on when no other run holds it. The version goes up with it, so a run that lost its lease
 * fails at its next write.
 *
 * @returns undefined when another run holds it, or there is no such registration
 */
export async function claimRegistration(
  context: ProviderContext,
  id: string,
  signal: AbortSignal,
): Promise<RegistrationRun | undefined> {
  const row = await context.store.db
    .updateTable('registrations')
    .set((expression) => ({
      lease_owner: context.random.bytes(ownerBytes).toString('base64url'),
      ...renewed(context),
      version: expression('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('lease_until', '<=', context.databaseNow())
    .returningAll()
    .executeTakeFirst();
  return row && { context, signal, row };
}

/** @returns whether a run holds a registration now, by the database's time: one that died holds nothing once its lease is over */
export async function isHeld(
  { store: { db }, databaseNow }: Pick<ProviderContext, 'databaseNow'> & { store: Pick<Store, 'db'> },
  id: string,
): Promise<boolean> {
  const held = await db
    .selectFrom('registrations')
    .select('id')
    .where('id', '=', id)
    .where('lease_until', '>', databaseNow())
    .executeTakeFirst();
  return held !== undefined;
}

/** A lease from now on, by the database's time: the clocks of hubs may differ by minutes. */
function renewed({ databaseNow }: Pick<ProviderContext, 'databaseNow'>): { lease_until: RawBuilder<number> } {
  return { lease_until: sql<number>`${databaseNow()} + ${sql.lit(leaseMilliseconds)}` };
}

/** Writes a change and renews the lease. @throws HubError `registration_busy` when the lease is lost */
export async function changeUnderLease(run: RegistrationRun, change: RegistrationChange): Promise<void> {
  await changeAndRecord(run, change, async () => {});
}

/** The same, with what has to be true together with it written in the same transaction. */
export async function changeAndRecord(
  run: RegistrationRun,
  change: RegistrationChange,
  record: (db: Kysely<Database>) => Promise<void>,
): Promise<void> {
  const { context } = run;
  run.row = await inTransaction(context.store, async (db) => {
    const row = await changeRegistrationIn(context, db, run.row, change, renewed(context));
    await record(db);
    // What was recorded may be a column of the row.
    return findRegistration({ store: { db } }, row.id);
  });
}

/** Waits and keeps the lease meanwhile. Rejects when the hub closes. */
export async function waitUnderLease(run: RegistrationRun, milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= waitSliceMilliseconds) {
    await run.context.sleep(Math.min(left, waitSliceMilliseconds), run.signal);
    await changeUnderLease(run, {});
  }
}

/** Gives the registration back, so that nobody has to wait for the lease to end. */
export async function releaseRegistration(run: RegistrationRun): Promise<void> {
  run.row = await changeRegistration(run.context, run.row, noLease);
}
