import type { EventKind, HubEvent } from '@latchkey/api';
import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import { presentEvent } from './present-event.ts';

/** Which events of a subject: a page, of some kinds or of all. */
export type EventQuery = PageQuery & { kind?: readonly EventKind[] | undefined };

/**
 * Lists what happened to a subject, the newest first, a page at a time through the index on (subject_id, happened_at, id):
 * what happens meanwhile neither repeats nor hides others. A subject that is gone has its events for as long as others.
 *
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
export async function listEvents(
  { store }: Pick<HubContext, 'store'>,
  subjectId: string,
  { limit, cursor, kind }: EventQuery,
): Promise<{ items: HubEvent[]; nextCursor: string | null }> {
  let query = store.db
    .selectFrom('events')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .orderBy('happened_at', 'desc')
    .orderBy('id', 'desc');
  if (kind !== undefined) query = query.where('kind', 'in', kind);
  if (cursor !== undefined) {
    const after = readCursor(store, cursor);
    query = query.where((eb) =>
      eb.or([
        eb('happened_at', '<', after.createdAt),
        eb.and([eb('happened_at', '=', after.createdAt), eb('id', '<', after.id)]),
      ]),
    );
  }
  const found = await query.limit(limit + 1).execute();
  const { rows, nextCursor } = cutPage(
    found.map((row) => ({ ...row, created_at: row.happened_at })),
    limit,
  );
  return { items: rows.map(presentEvent), nextCursor };
}
