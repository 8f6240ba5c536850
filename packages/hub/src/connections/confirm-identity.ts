import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { lockRow } from '../store/lock-row.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/**
 * Says that it is right who, or what, came in place of another: the notice goes. Saying it twice is no harm.
 *
 * @param caller by what the timeline knows who says so
 * @throws HubError `connection_not_found`
 */
export async function confirmIdentity(
  context: TokenContext,
  id: string,
  caller: string | null,
): Promise<void> {
  await inTransaction(context.store, async (db) => {
    const row = await lockRow(
      context.store,
      db.selectFrom('connections').select('identity_notice').where('id', '=', id),
      'connections',
    ).executeTakeFirst();
    if (!row) throw new HubError('connection_not_found');
    if (row.identity_notice === null) return;
    await db.updateTable('connections').set({ identity_notice: null }).where('id', '=', id).execute();
    await recordEvent(db, context, {
      subject: { kind: 'connection', id },
      kind: 'identity_confirmed',
      summary: `Confirmed: ${row.identity_notice}`,
      facts: by(caller),
    });
  });
}
