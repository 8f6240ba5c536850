import type { Kysely } from 'kysely';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
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
  const now = context.clock.now();
  const row = await context.store.db
    .updateTable('registrations')
    .set((expression) => ({
      lease_owner: context.random.bytes(ownerBytes).toString('base64url'),
      lease_until: now + leaseMilliseconds,
      version: expression('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('lease_until', '<=', now)
    .returningAll()
    .executeTakeFirst();
  return row && { context, signal, row };
}

/** Writes a change and renews the lease. @throws HubError `registration_busy` when the lease is lost */
export async function changeUnderLease(run: RegistrationRun, change: RegistrationChange): Promise<void> {
  run.row = await changeRegistration(run.context, run.row, {
    ...change,
    lease_until: run.context.clock.now() + leaseMilliseconds,
  });
}

/** The same, with what has to be true together with it written in the same transaction. */
export async function changeAndRecord(
  run: RegistrationRun,
  change: RegistrationChange,
  record: (db: Kysely<Database>) => Promise<void>,
): Promise<void> {
  const { context } = run;
  run.row = await inTransaction(context.store, async (db) => {
    const row = await changeRegistrationIn(context, db, run.row, {
      ...change,
      lease_until: context.clock.now() + leaseMilliseconds,
    });
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
