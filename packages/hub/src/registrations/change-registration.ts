import type { Kysely, RawBuilder } from 'kysely';
import { watchRegistrationSoon } from '../due-work/registration-work.ts';
import { HubError } from '../errors/hub-error.ts';
import { by, type NewEvent, recordEvent } from '../events/record-event.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database, RegistrationRow } from '../store/schema.ts';
import { eventsOfChange } from './events-of-change.ts';

/** Columns that a change may name; `version` and `updated_at` follow by themselves. */
export type RegistrationChange = Partial<
  Omit<RegistrationRow, 'id' | 'kind' | 'version' | 'created_at' | 'updated_at'>
>;

/**
 * Writes a change by compare-and-set on the row's version, so that whoever lost the lease, or acted on an older
 * reading, can't write. A sign-in of an administrator and another state become events in the same transaction.
 *
 * @param caller by what the timeline knows who changes it; null where nobody asked for it
 * @returns the row as it stands after the change
 * @throws HubError `registration_busy` when something else changed the row since it was read
 */
export function changeRegistration(
  context: ChangeContext,
  row: RegistrationRow,
  change: RegistrationChange,
  caller: string | null = null,
): Promise<RegistrationRow> {
  return inTransaction(context.store, (db) => changeRegistrationIn(context, db, row, change, {}, caller));
}

type ChangeContext = Pick<HubContext, 'store' | 'clock' | 'random'>;

/** The same within a transaction. @param lease until when the writer goes on holding the registration */
export async function changeRegistrationIn(
  context: Pick<HubContext, 'clock' | 'random'>,
  db: Kysely<Database>,
  row: RegistrationRow,
  change: RegistrationChange,
  lease: { lease_until?: RawBuilder<number> } = {},
  caller: string | null = null,
): Promise<RegistrationRow> {
  const changed = await db
    .updateTable('registrations')
    .set({ ...change, ...lease, version: row.version + 1, updated_at: context.clock.now() })
    .where('id', '=', row.id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst();
  if (!changed) throw new HubError('registration_busy');
  const subject = { kind: 'registration', id: row.id } as const;
  for (const event of eventsOfChange(row, changed)) {
    await recordEvent(db, context, { subject, ...event, facts: { ...event.facts, ...by(caller) } });
  }
  return changed;
}

/** The same for a change by which something else may fall due, with what it tells: the registration is looked after at once. */
export function changeAndWatch(
  context: ChangeContext,
  row: RegistrationRow,
  change: RegistrationChange,
  events: readonly NewEvent[] = [],
): Promise<RegistrationRow> {
  return inTransaction(context.store, async (db) => {
    const changed = await changeRegistrationIn(context, db, row, change);
    for (const event of events) await recordEvent(db, context, event);
    await watchRegistrationSoon(db, context, row.id);
    return changed;
  });
}
