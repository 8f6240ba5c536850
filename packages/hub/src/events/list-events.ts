import type { EventKind, HubEvent } from '@latchkey/api';
import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import { presentEvent } from './present-event.ts';

/** Which events of a subject: a page, of some kinds or of all. */
type EventQuery = PageQuery & { kind?: readonly EventKind[] | undefined };

/**
 * Lists what happened to a subject, the newest first, a page at a time through the index on (subject_id, happened_at, id):
 * what happens meanwhile neither repeats nor hides others.
 *
 * @throws HubError `invalid_body` at `cursor`, when it is none of ours
 */
async function listEvents(
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
      eb(eb.refTuple('happened_at', 'id'), '<', eb.tuple(after.createdAt, after.id)),
    );
  }
  const found = await query.limit(limit + 1).execute();
  const { rows, nextCursor } = cutPage(
    found.map((row) => ({ ...row, created_at: row.happened_at })),
    limit,
  );
  return { items: rows.map(presentEvent), nextCursor };
}

/**
 * The same as the API answers it: one that is gone has a timeline for as long as its events are kept, and only what was
 * never there has none.
 *
 * @param assertThere throws when there is no such subject
 */
export async function readTimeline(
  context: Pick<HubContext, 'store'>,
  subjectId: string,
  query: EventQuery,
  assertThere: () => Promise<unknown>,
): Promise<{ items: HubEvent[]; nextCursor: string | null }> {
  const page = await listEvents(context, subjectId, query);
  if (page.items.length > 0) return page;
  const { items } = await listEvents(context, subjectId, { limit: 1 });
  if (items.length === 0) await assertThere();
  return page;
}
