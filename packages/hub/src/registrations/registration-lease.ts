import type { Kysely } from 'kysely';
import type { ProviderContext } from '../providers/provider.ts';
import { inTransaction } from '../store/in-transaction.ts';
import {
  isLeased,
  leaseEnd,
  noLease,
  takeLease,
  waitUnderWorkLease,
  workLeaseMilliseconds,
} from '../store/lease.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { changeRegistration, changeRegistrationIn, type RegistrationChange } from './change-registration.ts';
import { findRegistration } from './find-registration.ts';

/** The version goes up with a lease, so a run that lost it fails at its next write. */
const leasedRegistrations = {
  table: 'registrations',
  key: 'id',
  fence: 'version',
  milliseconds: workLeaseMilliseconds,
} as const;

/** A run's hold on a registration. `row` is always the row as this run last wrote it. */
export interface RegistrationRun {
  readonly context: ProviderContext;
  /** Aborted when the hub closes. */
  readonly signal: AbortSignal;
  row: RegistrationRow;
}

/** @returns a run's hold on a registration; undefined when another has it, or there is no such registration */
export async function claimRegistration(
  context: ProviderContext,
  id: string,
  signal: AbortSignal,
): Promise<RegistrationRun | undefined> {
  const row = await takeLease(context, leasedRegistrations, id);
  return row && { context, signal, row };
}

/** @returns whether a run holds a registration now */
export function isHeld(
  context: Pick<ProviderContext, 'databaseNow'> & { store: Pick<Store, 'db'> },
  id: string,
): Promise<boolean> {
  return isLeased(context, leasedRegistrations, id);
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
    const row = await changeRegistrationIn(context, db, run.row, change, {
      lease_until: leaseEnd(context.databaseNow, workLeaseMilliseconds),
    });
    await record(db);
    // What was recorded may be a column of the row.
    return findRegistration({ store: { db } }, row.id);
  });
}

/** Waits and keeps the lease meanwhile. Rejects when the hub closes. */
export function waitUnderLease(run: RegistrationRun, milliseconds: number): Promise<void> {
  return waitUnderWorkLease(run.context.sleep, milliseconds, run.signal, () => changeUnderLease(run, {}));
}

/** Gives the registration back, so that nobody has to wait for the lease to end. */
export async function releaseRegistration(run: RegistrationRun): Promise<void> {
  run.row = await changeRegistration(run.context, run.row, noLease);
}
