import { pastMoment } from '../ground/bounded-times.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { isInUse } from './plan-upkeep.ts';
import { scheduleUpkeep } from './schedule-upkeep.ts';
import type { TokenContext } from './token-context.ts';

/** A use is written down only where the one that stands there is older than this. */
const writtenAgainAfter = 15 * millisecondsPerMinute;
const rowsAtOnce = 500;

/**
 * Writes down which connections were used, many in one statement. One that was idle is looked at by the keeper at once,
 * as one in use.
 */
export async function writeUses(context: TokenContext): Promise<void> {
  const { uses } = context;
  const noted = [...uses];
  uses.clear();
  try {
    for (let from = 0; from < noted.length; from += rowsAtOnce)
      await writeSome(context, new Map(noted.slice(from, from + rowsAtOnce)));
  } catch (error) {
    // They are written with the next ones; those that were written already do no harm.
    for (const [id, usedAt] of noted) if (!uses.has(id)) uses.set(id, usedAt);
    throw error;
  }
}

function writeSome(context: TokenContext, noted: ReadonlyMap<string, number>): Promise<void> {
  const latest = Math.max(...noted.values());
  return inTransaction(context.store, async (db) => {
    const rows = await db
      .selectFrom('connections')
      .select(['id', 'last_used_at'])
      .where('id', 'in', [...noted.keys()])
      .execute();
    const old = rows.filter(({ id, last_used_at }) => {
      const usedAt = noted.get(id) ?? 0;
      const writtenAt = pastMoment(last_used_at, usedAt);
      return writtenAt === null || usedAt - writtenAt >= writtenAgainAfter;
    });
    if (old.length === 0) return;
    const ids = old.map(({ id }) => id);
    await db.updateTable('connections').set({ last_used_at: latest }).where('id', 'in', ids).execute();
    for (const { id, last_used_at: writtenAt } of old)
      if (!isInUse(pastMoment(writtenAt, latest), latest)) await scheduleUpkeep(context, db, id);
  });
}
