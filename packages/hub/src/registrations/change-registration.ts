import { watchRegistrationSoon } from '../due-work/registration-work.ts';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { RegistrationRow } from '../store/schema.ts';

/** Columns that a change may name; `version` and `updated_at` follow by themselves. */
export type RegistrationChange = Partial<
  Omit<RegistrationRow, 'id' | 'kind' | 'version' | 'created_at' | 'updated_at'>
>;

/**
 * Writes a change by compare-and-set on the row's version, so that whoever lost the lease, or acted on an older
 * reading, can't write.
 *
 * @returns the row as it stands after the change
 * @throws HubError `registration_busy` when something else changed the row since it was read
 */
export async function changeRegistration(
  { store: { db }, clock }: Pick<HubContext, 'clock'> & { store: Pick<HubContext['store'], 'db'> },
  row: RegistrationRow,
  change: RegistrationChange,
): Promise<RegistrationRow> {
  const changed = await db
    .updateTable('registrations')
    .set({ ...change, version: row.version + 1, updated_at: clock.now() })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst();
  if (!changed) throw new HubError('registration_busy');
  return changed;
}

/** The same for a change by which something else may fall due: the registration is looked after at once. */
export function changeAndWatch(
  context: Pick<HubContext, 'clock' | 'store'>,
  row: RegistrationRow,
  change: RegistrationChange,
): Promise<RegistrationRow> {
  const { store, clock } = context;
  return inTransaction(store, async (db) => {
    const changed = await changeRegistration({ clock, store: { db } }, row, change);
    await watchRegistrationSoon(db, context, row.id);
    return changed;
  });
}
