import { millisecondsPerDay } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';

/** So many rows at once hold no lock for long. */
const batch = 1000;

/**
 * Removes events that are older than the configuration keeps them, a batch at a time through the index on the time. For the keeper.
 *
 * @param signal ends it between two batches
 * @returns how many were removed
 */
export async function removeOldEvents(
  { store: { db }, clock, config }: Pick<HubContext, 'store' | 'clock' | 'config'>,
  signal?: AbortSignal,
): Promise<number> {
  const before = clock.now() - config.eventsKeptDays * millisecondsPerDay;
  for (let removed = 0; ; ) {
    if (signal?.aborted) return removed;
    const result = await db
      .deleteFrom('events')
      .where('id', 'in', (eb) =>
        eb
          .selectFrom('events')
          .select('id')
          .where('happened_at', '<', before)
          .orderBy('happened_at')
          .limit(batch),
      )
      .executeTakeFirst();
    const count = Number(result.numDeletedRows);
    removed += count;
    if (count < batch) return removed;
  }
}
