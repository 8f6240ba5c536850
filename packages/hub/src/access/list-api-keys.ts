import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import type { ApiKeyRow } from './api-key-row.ts';

/**
 * The keys, newest first, revoked ones included.
 *
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
export async function listApiKeys(
  { store }: HubContext,
  { limit, cursor }: PageQuery,
): Promise<{ rows: ApiKeyRow[]; nextCursor: string | null }> {
  let query = store.db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
  if (cursor !== undefined) {
    const after = readCursor(store, cursor);
    query = query.where((eb) =>
      eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.createdAt, after.id)),
    );
  }
  return cutPage(await query.limit(limit + 1).execute(), limit);
}
