import { scheduleWorkBy } from '../due-work/schedule-work.ts';
import type { WorkHandler } from '../due-work/work-handler.ts';
import { millisecondsPerHour, millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';

const cleanUpKind = 'clean_up';
const cleanedEvery = millisecondsPerHour;
/** After a start there is more to do first. */
const firstAfter = 5 * millisecondsPerMinute;

/** What is removed once its time is over, each some rows at a time and ended by the signal. */
export type CleanUps = ReadonlyMap<string, (signal: AbortSignal) => Promise<unknown>>;

/** @returns what removes rows whose time is over, every hour; its subjects are the names of what is removed */
export function cleanUpWork({ clock }: Pick<HubContext, 'clock'>, cleanUps: CleanUps): WorkHandler {
  return {
    kind: cleanUpKind,
    async run(name, signal) {
      const cleanUp = cleanUps.get(name);
      // A later version's, on the same database.
      if (!cleanUp) return clock.now() + cleanedEvery;
      await cleanUp(signal);
      return clock.now() + cleanedEvery;
    },
  };
}

/** Sees to it that all this is done, from the first start on. */
export async function scheduleCleanUps(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  cleanUps: CleanUps,
): Promise<void> {
  for (const subjectId of cleanUps.keys())
    await scheduleWorkBy(store.db, { kind: cleanUpKind, subjectId, dueAt: clock.now() + firstAfter });
}
