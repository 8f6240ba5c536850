import { type PageQuery, readCursor, writeCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import type { ApiKeyRow } from './present-api-key.ts';

/**
 * The keys, newest first, revoked ones included.
 *
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
export async function listApiKeys(
  { store }: HubContext,
  { limit, cursor }: PageQuery,
): Promise<{ rows: ApiKeyRow[]; nextCursor: string | null }> {
  let query = store.db
    .selectFrom('api_keys')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) {
    const after = readCursor(cursor);
    query = query.where((row) =>
      row.or([
        row('created_at', '<', after.createdAt),
        row.and([row('created_at', '=', after.createdAt), row('id', '<', after.id)]),
      ]),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return { rows: page, nextCursor: last ? writeCursor({ createdAt: last.created_at, id: last.id }) : null };
}
