import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';

/**
 * Revokes a key for good; the row stays, so that its next use is answered with "revoked" and not with "unknown".
 *
 * @throws HubError `api_key_not_found`
 */
export async function revokeApiKey({ store, clock }: HubContext, id: string): Promise<void> {
  const { numUpdatedRows } = await store.db
    .updateTable('api_keys')
    .set((row) => ({ revoked_at: row.fn.coalesce('revoked_at', row.val(clock.now())) }))
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new HubError('api_key_not_found');
}
