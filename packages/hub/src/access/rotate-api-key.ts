import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { ApiKeyRow } from './api-key-row.ts';
import type { Caller } from './caller.ts';
import { insertApiKey } from './create-api-key.ts';
import { refuseMoreThan } from './decide-api-key.ts';
import { stateOf } from './present-api-key.ts';
import { readApiKeyLimits } from './read-api-key-limits.ts';

/**
 * Makes a key that comes in another's place: it may do the same, and lives as long from now on as the other was made for.
 * The other goes on beside it for a while.
 *
 * @param how `overlapMilliseconds`: how long the other goes on; 0 ends it at once
 * @returns the new key, whole
 * @throws HubError `api_key_not_found`, `api_key_not_active`; `scope_missing` where the other may do more than the caller
 */
export async function rotateApiKey(
  context: Pick<HubContext, 'store' | 'clock' | 'random'>,
  id: string,
  { caller, overlapMilliseconds }: { caller: Caller | null; overlapMilliseconds: number },
): Promise<{ row: ApiKeyRow; key: string }> {
  const now = context.clock.now();
  return inTransaction(context.store, async (db) => {
    const old = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
    if (!old) throw new HubError('api_key_not_found');
    if (old.replaced_by !== null || stateOf(old, now) !== 'active') throw new HubError('api_key_not_active');
    refuseMoreThan(caller, readApiKeyLimits(old).scopes);
    const made = await insertApiKey(context, db, {
      name: old.name,
      scopes: old.scopes,
      connection_ids: old.connection_ids,
      expires_at: old.expires_at && now + (old.expires_at - old.created_at),
    });
    const { numUpdatedRows } = await db
      .updateTable('api_keys')
      .set({
        replaced_by: made.row.id,
        expires_at: Math.min(old.expires_at ?? Infinity, now + overlapMilliseconds),
      })
      .where('id', '=', id)
      // Two that replace it at once make one key.
      .where('replaced_by', 'is', null)
      .where('revoked_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw new HubError('api_key_not_active');
    return made;
  });
}
