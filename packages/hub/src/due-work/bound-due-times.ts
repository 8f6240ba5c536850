import { sql } from 'kysely';
import type { HubContext } from '../hub-context.ts';

/** So many rows at once hold no lock for long. */
const rowsAtOnce = 500;

/**
 * Makes work due that is due further ahead than any work can be: a clock that was wrong, and has been set right since, said so.
 * It is so by the database's time as well as by the hub's, else a hub whose own clock is behind would take up everything.
 *
 * @param longestPause the longest that any work waits, in milliseconds
 * @returns how much work it was
 */
export async function boundDueTimes(
  { store: { db }, clock, databaseNow }: Pick<HubContext, 'store' | 'clock' | 'databaseNow'>,
  longestPause: number,
): Promise<number> {
  let taken = 0;
  for (let last = rowsAtOnce; last === rowsAtOnce; taken += last) {
    const now = clock.now();
    const { numUpdatedRows } = await db
      .with('far', (far) =>
        far
          .selectFrom('due_work')
          .select(['kind', 'subject_id'])
          .where('due_at', '>', now + longestPause)
          .where('due_at', '>', sql<number>`${databaseNow()} + ${sql.lit(longestPause)}`)
          .limit(rowsAtOnce),
      )
      .updateTable('due_work')
      .from('far')
      .set({ due_at: now })
      .whereRef('due_work.kind', '=', 'far.kind')
      .whereRef('due_work.subject_id', '=', 'far.subject_id')
      .executeTakeFirst();
    last = Number(numUpdatedRows);
  }
  return taken;
}
