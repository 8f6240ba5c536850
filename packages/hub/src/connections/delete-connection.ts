import { unscheduleWork } from '../due-work/schedule-work.ts';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/**
 * Deletes a connection with its tokens and the sign-ins under way for it. Microsoft is not told: a refresh token
 * can't be given back there, it ends unused. Its timeline stays for as long as events are kept, and ends with this.
 *
 * @param caller by what the timeline knows who deleted it
 * @throws HubError `connection_not_found`
 */
export async function deleteConnection(
  context: TokenContext,
  id: string,
  caller: string | null,
): Promise<void> {
  await inTransaction(context.store, async (db) => {
    const deleted = await db
      .deleteFrom('connections')
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst();
    if (!deleted) throw new HubError('connection_not_found');
    await recordEvent(db, context, {
      subject: { kind: 'connection', id },
      kind: 'deleted',
      summary: 'The connection was deleted, with its tokens.',
      facts: { name: deleted.name, ...by(caller) },
    });
    await db.deleteFrom('token_sets').where('connection_id', '=', id).execute();
    await db.deleteFrom('sign_in_tickets').where('subject_id', '=', id).execute();
    await db.deleteFrom('authorizations').where('subject_id', '=', id).execute();
    await unscheduleWork(db, { subjectId: id });
  });
  context.tokenMemory.forget(id);
}
