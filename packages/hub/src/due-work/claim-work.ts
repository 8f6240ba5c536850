import { sql } from 'kysely';
import type { HubContext } from '../hub-context.ts';
import type { Work } from './schedule-work.ts';

/** Work that this process has taken on. */
export interface ClaimedWork extends Work {
  /** Epoch milliseconds: since when it has been due. */
  dueAt: number;
  /** Under which it is finished or given back. */
  claim: string;
}

type ClaimContext = Pick<HubContext, 'store' | 'clock' | 'random' | 'databaseNow'>;

/** What a claim asks for. */
interface ClaimOptions {
  /** The most that is taken. */
  limit: number;
  /** For how long, by the database's time; then others may take it, since whoever held it seems to be gone. */
  milliseconds: number;
}

const claimBytes = 16;

/**
 * Takes on what is due, the longest due first, through the index on the due time. No two processes get the same: on
 * PostgreSQL each passes over what another is just taking. Due times go by this hub's clock, the ends of claims by the
 * database's.
 */
export async function claimWork(
  context: ClaimContext,
  { limit, milliseconds }: ClaimOptions,
): Promise<ClaimedWork[]> {
  const { db, engine } = context.store;
  const claim = context.random.bytes(claimBytes).toString('hex');
  const now = context.databaseNow();
  const rows = await db
    .with('free', (free) => {
      const query = free
        .selectFrom('due_work')
        .select(['kind', 'subject_id'])
        .where('due_at', '<=', context.clock.now())
        .where('claimed_until', '<=', now)
        .orderBy('due_at')
        .limit(limit);
      return engine === 'postgres' ? query.forUpdate().skipLocked() : query;
    })
    .updateTable('due_work')
    .from('free')
    .set({ claim_owner: claim, claimed_until: sql<number>`${now} + ${sql.lit(milliseconds)}` })
    .whereRef('due_work.kind', '=', 'free.kind')
    .whereRef('due_work.subject_id', '=', 'free.subject_id')
    .returning(['due_work.kind', 'due_work.subject_id', 'due_work.due_at'])
    .execute();
  return rows
    .map((row) => ({ kind: row.kind, subjectId: row.subject_id, dueAt: row.due_at, claim }))
    .toSorted((a, b) => a.dueAt - b.dueAt);
}

/**
 * Ends a claim. Work that was scheduled anew while it was being done is due by that, and work whose claim was lost by
 * whoever has it now.
 *
 * @param nextDueAt when it is due again, in epoch milliseconds of the hub's clock; null for never
 */
export async function finishWork(
  { store: { db } }: Pick<HubContext, 'store'>,
  { kind, subjectId, claim }: ClaimedWork,
  nextDueAt: number | null,
): Promise<void> {
  if (nextDueAt === null) {
    await db
      .deleteFrom('due_work')
      .where('kind', '=', kind)
      .where('subject_id', '=', subjectId)
      .where('claim_owner', '=', claim)
      .execute();
    return;
  }
  await db
    .updateTable('due_work')
    .set({ due_at: nextDueAt, claim_owner: null, claimed_until: 0 })
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('claim_owner', '=', claim)
    .execute();
}
