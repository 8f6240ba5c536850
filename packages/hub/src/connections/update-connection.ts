import type { UpdateConnection } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import { by, recordEvent } from '../events/record-event.ts';
import { changeEvidence } from '../evidence/change-evidence.ts';
import { isTokenRefused } from '../evidence/judge-failure.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { lockRow } from '../store/lock-row.ts';
import { scheduleUpkeep } from '../tokens/schedule-upkeep.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { eventsOfUpdate } from './events-of-update.ts';
import { ownCredentialColumns, readChangedCredential } from './own-credential.ts';

/**
 * Changes a connection's settings; what is left out stays. After another credential the next use asks for tokens again,
 * whatever Microsoft refused before: the sign-in itself may be as good as ever.
 *
 * @param caller by what the timeline knows who changes it
 * @throws HubError `connection_not_found`; `invalid_body` for a certificate that can't be used
 */
export async function updateConnection(
  context: TokenContext,
  id: string,
  change: UpdateConnection,
  caller: string | null,
): Promise<void> {
  const { name, description, requestTimeoutSeconds, disabled } = change;
  const credential = readChangedCredential(change);
  await inTransaction(context.store, async (db) => {
    const connection = await lockRow(
      context.store,
      db.selectFrom('connections').selectAll().where('id', '=', id),
      'connections',
    ).executeTakeFirst();
    if (!connection) throw new HubError('connection_not_found');
    const isTriedAgain = credential !== null && isTokenRefused(connection);
    await db
      .updateTable('connections')
      .set({
        updated_at: context.clock.now(),
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(requestTimeoutSeconds !== undefined && { request_timeout_seconds: requestTimeoutSeconds }),
        ...(disabled !== undefined && { disabled: disabled ? 1 : 0 }),
        ...(credential && ownCredentialColumns(context.vault, id, credential)),
        ...(isTriedAgain && { failure_state: 'failing' as const }),
      })
      .where('id', '=', id)
      .execute();
    // After another secret a test follows at once, and tells.
    if (disabled !== undefined) await changeEvidence(context, db, id, () => ({}));
    for (const event of eventsOfUpdate(connection, change)) {
      await recordEvent(db, context, {
        subject: { kind: 'connection', id },
        ...event,
        facts: { ...event.facts, ...by(caller) },
      });
    }
    await scheduleUpkeep(context, db, id);
  });
  context.tokenMemory.forget(id);
}
