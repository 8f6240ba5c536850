import type { EventKind, HubEvent } from '@latchkey/api';
import { cutPage, type PageQuery, readCursor } from '../http/page.ts';
import type { HubContext } from '../hub-context.ts';
import type { EventRow } from '../store/schema.ts';
import { presentEvent } from './present-event.ts';

/** Which events of a subject: a page, of some kinds or of all. */
type EventQuery = PageQuery & { kind?: readonly EventKind[] | undefined };

/** What happened to something else, as far as it is told in this timeline, too. */
export interface EventsBeside {
  subjectId: string;
  kinds: readonly EventKind[];
  /** Epoch milliseconds. */
  since: number;
}

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
  beside: EventsBeside | null,
): Promise<{ items: HubEvent[]; nextCursor: string | null }> {
  const after = cursor === undefined ? null : readCursor(store, cursor);
  const newest = (id: string) => {
    const query = store.db
      .selectFrom('events')
      .selectAll()
      .where('subject_id', '=', id)
      .orderBy('happened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (!after) return query;
    return query.where((eb) =>
      eb(eb.refTuple('happened_at', 'id'), '<', eb.tuple(after.createdAt, after.id)),
    );
  };
  const own = kind ? newest(subjectId).where('kind', 'in', kind) : newest(subjectId);
  const kindsBeside = beside?.kinds.filter((one) => kind?.includes(one) ?? true) ?? [];
  const found =
    beside && kindsBeside.length > 0
      ? await newestOfBoth(
          newest(beside.subjectId).where('kind', 'in', kindsBeside).where('happened_at', '>=', beside.since),
        )
      : await own.execute();
  const { rows, nextCursor } = cutPage(
    found.map((row) => ({ ...row, created_at: row.happened_at })),
    limit,
  );
  return { items: rows.map(presentEvent), nextCursor };

  /** The database puts them in order, by whose rules the next page begins. */
  function newestOfBoth(others: typeof own): Promise<EventRow[]> {
    const all = store.db
      .selectFrom(own.as('own'))
      .selectAll()
      .unionAll(store.db.selectFrom(others.as('others')).selectAll());
    return all
      .orderBy('happened_at', 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute();
  }
}

/**
 * The same as the API answers it: one that is gone has a timeline for as long as its events are kept, and only what was
 * never there has none.
 *
 * @param findBeside what is told beside it; throws when there is no such subject
 */
export async function readTimeline(
  context: Pick<HubContext, 'store'>,
  subjectId: string,
  query: EventQuery,
  findBeside: () => Promise<EventsBeside | null>,
): Promise<{ items: HubEvent[]; nextCursor: string | null }> {
  return listEvents(context, subjectId, query, await findBesideUnlessGone());

  async function findBesideUnlessGone(): Promise<EventsBeside | null> {
    try {
      return await findBeside();
    } catch (error) {
      const { items } = await listEvents(context, subjectId, { limit: 1 }, null);
      if (items.length === 0) throw error;
      return null;
    }
  }
}
