import type { Kysely } from 'kysely';
import { prepareQuery, type ValueOf } from '../store/prepare-query.ts';
import type { Database } from '../store/schema.ts';

/** Work that falls due: what is to be done, and for whom. */
export interface Work {
  /** Names the `WorkHandler` that does it. */
  kind: string;
  subjectId: string;
}

/**
 * Says when work is due, or that it is due at another time now. Whoever does it at this moment does not take that back.
 * To be called in the transaction that changes what it is due by.
 *
 * @param dueAt epoch milliseconds of the hub's clock
 */
export async function scheduleWork(
  db: Kysely<Database>,
  { kind, subjectId, dueAt }: Work & { dueAt: number },
): Promise<void> {
  await insertWork(db, { kind, subjectId, dueAt });
}

const insertWork = prepareQuery((db, value: ValueOf<{ kind: string; subjectId: string; dueAt: number }>) => {
  const due = { due_at: value('dueAt'), claim_owner: null, claimed_until: 0 };
  return db
    .insertInto('due_work')
    .values({ kind: value('kind'), subject_id: value('subjectId'), ...due })
    .onConflict((conflict) => conflict.columns(['kind', 'subject_id']).doUpdateSet(due));
});

/**
 * Says when work is due at the latest: what is due before that stays as it is, and whoever does it at this moment goes on.
 * For who knows that something has to be looked at, but not all that it is due by.
 *
 * @param dueAt epoch milliseconds of the hub's clock
 */
export async function scheduleWorkBy(
  db: Kysely<Database>,
  { kind, subjectId, dueAt }: Work & { dueAt: number },
): Promise<void> {
  const due = { due_at: dueAt, claim_owner: null, claimed_until: 0 };
  await db
    .insertInto('due_work')
    .values({ kind, subject_id: subjectId, ...due })
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject_id']).doUpdateSet(due).where('due_work.due_at', '>', dueAt),
    )
    .execute();
}

/** Work that nobody is to do any more; all kinds of it where none is named. */
export async function unscheduleWork(
  db: Kysely<Database>,
  { kind, subjectId }: Pick<Work, 'subjectId'> & Partial<Work>,
): Promise<void> {
  const ofSubject = db.deleteFrom('due_work').where('subject_id', '=', subjectId);
  await (kind === undefined ? ofSubject : ofSubject.where('kind', '=', kind)).execute();
}
