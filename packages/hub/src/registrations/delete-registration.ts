import { unscheduleWork } from '../due-work/schedule-work.ts';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { isHeld } from './registration-lease.ts';
import { refuseWhileUsed, type WhatMayStop } from './registration-usage.ts';

/**
 * Deletes a registration from the hub, with its credential. What it made in Entra ID stays there: `undoRegistration` takes
 * that back first, where it is wanted.
 *
 * @param leave what may stop: connections that sign in with it are kept, and say why
 * @param caller by what the timeline knows who deletes it
 * @throws HubError `registration_not_found`; what `refuseWhileUsed` throws; `registration_busy` while its steps run
 */
export async function deleteRegistration(
  context: ProviderContext,
  id: string,
  leave: WhatMayStop,
  caller: string | null,
): Promise<void> {
  await inTransaction(context.store, async (db) => {
    const row = await db
      .selectFrom('registrations')
      .select(['name', 'client_id', 'state'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new HubError('registration_not_found');
    const isAtWork = row.state === 'running' || row.state === 'undoing';
    if (isAtWork && (await isHeld({ ...context, store: { db } }, id)))
      throw new HubError('registration_busy');
    await refuseWhileUsed({ db }, id, leave);
    await db.deleteFrom('registrations').where('id', '=', id).execute();
    await db.deleteFrom('sign_in_tickets').where('subject_id', '=', id).execute();
    await db.deleteFrom('authorizations').where('subject_id', '=', id).execute();
    await unscheduleWork(db, { subjectId: id });
    await recordEvent(db, context, {
      subject: { kind: 'registration', id },
      kind: 'deleted',
      summary: 'The registration was deleted from the hub; what is in Microsoft Entra ID stays.',
      facts: { name: row.name, ...(row.client_id !== null && { clientId: row.client_id }), ...by(caller) },
    });
  });
}
