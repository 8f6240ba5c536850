import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { isLeaseOver, leaseEnd, leaseOwner } from '../store/lease.ts';
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
  /** What this process can do; a newer version's work is left to it. */
  kinds: readonly string[];
  /** The most that is taken. */
  limit: number;
}

/** A claim whose process was killed is taken by another after this. */
export const claimMilliseconds = 30 * millisecondsPerSecond;

/**
 * Takes on what is due, the longest due first, through the index on the due time. No two processes get the same: on
 * PostgreSQL each passes over what another is just taking. Due times go by this hub's clock, as all that they are reckoned
 * from: a hub whose clock is minutes ahead does its work by so much earlier, and nobody does it again. The ends of claims
 * go by the database's.
 */
export async function claimWork(
  context: ClaimContext,
  { kinds, limit }: ClaimOptions,
): Promise<ClaimedWork[]> {
  const { db, engine } = context.store;
  const claim = leaseOwner(context.random);
  const rows = await db
    .with('free', (free) => {
      const query = free
        .selectFrom('due_work')
        .select(['kind', 'subject_id'])
        .where('due_at', '<=', context.clock.now())
        .where(isLeaseOver('claimed_until', context.databaseNow, claimMilliseconds))
        .where('kind', 'in', kinds)
        .orderBy('due_at')
        .limit(limit);
      return engine === 'postgres' ? query.forUpdate().skipLocked() : query;
    })
    .updateTable('due_work')
    .from('free')
    .set({ claim_owner: claim, claimed_until: leaseEnd(context.databaseNow, claimMilliseconds) })
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
 * @param dueAgainAt when it is due again, in epoch milliseconds of the hub's clock; null for never
 */
export async function finishWork(
  { store: { db } }: Pick<HubContext, 'store'>,
  { kind, subjectId, claim }: ClaimedWork,
  dueAgainAt: number | null,
): Promise<void> {
  if (dueAgainAt === null) {
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
    .set({ due_at: dueAgainAt, claim_owner: null, claimed_until: 0 })
    .where('kind', '=', kind)
    .where('subject_id', '=', subjectId)
    .where('claim_owner', '=', claim)
    .execute();
}

/** Holds claims for longer, while the work goes on; one that was lost meanwhile is not taken back. */
export async function renewClaims(
  { store: { db }, databaseNow }: Pick<HubContext, 'store' | 'databaseNow'>,
  works: readonly ClaimedWork[],
): Promise<void> {
  if (works.length === 0) return;
  await db
    .updateTable('due_work')
    .set({ claimed_until: leaseEnd(databaseNow, claimMilliseconds) })
    .where('subject_id', 'in', subjectsOf(works))
    .where('claim_owner', 'in', claimsOf(works))
    .execute();
}

/** Gives claimed work back undone: it is due as before, and anybody may take it at once. */
export async function giveBackWork(
  { store: { db } }: Pick<HubContext, 'store'>,
  works: readonly ClaimedWork[],
): Promise<void> {
  if (works.length === 0) return;
  await db
    .updateTable('due_work')
    .set({ claim_owner: null, claimed_until: 0 })
    .where('subject_id', 'in', subjectsOf(works))
    .where('claim_owner', 'in', claimsOf(works))
    .execute();
}

/** @returns when the next work that nobody does is due, in epoch milliseconds of the hub's clock; null without any */
export async function nextDueAt(
  { store: { db }, databaseNow }: Pick<HubContext, 'store' | 'databaseNow'>,
  kinds: readonly string[],
): Promise<number | null> {
  const next = await db
    .selectFrom('due_work')
    .select('due_at')
    .where(isLeaseOver('claimed_until', databaseNow, claimMilliseconds))
    .where('kind', 'in', kinds)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return next?.due_at ?? null;
}

function subjectsOf(works: readonly ClaimedWork[]): string[] {
  return works.map(({ subjectId }) => subjectId);
}

function claimsOf(works: readonly ClaimedWork[]): string[] {
  return [...new Set(works.map(({ claim }) => claim))];
}
