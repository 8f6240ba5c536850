import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import type { RegistrationRow } from '../store/schema.ts';

/**
 * Lists registrations, the newest first, a page at a time through the index on (created_at, id): registrations made
 * meanwhile neither repeat nor hide others.
 *
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
export async function listRegistrations(
  { store }: Pick<HubContext, 'store'>,
  { limit, cursor }: PageQuery,
): Promise<{ rows: RegistrationRow[]; nextCursor: string | null }> {
  let query = store.db
    .selectFrom('registrations')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc');
  if (cursor !== undefined) {
    const after = readCursor(store, cursor);
    query = query.where((eb) =>
      eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(after.createdAt, after.id)),
    );
  }
  return cutPage(await query.limit(limit + 1).execute(), limit);
}
