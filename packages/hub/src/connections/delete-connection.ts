import type { Kysely } from 'kysely';
import { unscheduleWork } from '../due-work/schedule-work.ts';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { isApplicationUserInPlace } from '../store/application-user-in-place.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database } from '../store/schema.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/**
 * Deletes a connection with its tokens and the sign-ins under way for it. Microsoft is not told: a refresh token
 * can't be given back there, it ends unused. Its timeline stays for as long as events are kept, and ends with this.
 *
 * @param caller by what the timeline knows who deleted it
 * @param leavesApplicationUser what the hub has made for it in the environment stays there
 * @throws HubError `connection_not_found`; `application_user_in_place`
 */
export async function deleteConnection(
  context: TokenContext,
  id: string,
  caller: string | null,
  leavesApplicationUser = false,
): Promise<void> {
  await inTransaction(context.store, async (db) => {
    if (!leavesApplicationUser) await refuseApplicationUserInPlace(db, id);
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
    await db.deleteFrom('application_users').where('connection_id', '=', id).execute();
    await db.deleteFrom('sign_in_tickets').where('subject_id', '=', id).execute();
    await db.deleteFrom('authorizations').where('subject_id', '=', id).execute();
    await unscheduleWork(db, { subjectId: id });
  });
  context.tokenMemory.forget(id);
}

/** Once the connection is gone, nobody knows any more what was made for it. */
async function refuseApplicationUserInPlace(db: Kysely<Database>, id: string): Promise<void> {
  const inPlace = await db
    .selectFrom('application_users')
    .select('connection_id')
    .where('connection_id', '=', id)
    .where(isApplicationUserInPlace)
    .executeTakeFirst();
  if (inPlace) throw new HubError('application_user_in_place');
}
