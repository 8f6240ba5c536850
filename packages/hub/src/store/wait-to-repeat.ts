import { randomInt } from 'node:crypto';
import { systemSleep } from '../ground/clock.ts';

/** What PostgreSQL gives up in favour of another transaction is begun anew that often at most. */
export const mostAttempts = 5;

/**
 * Waits before the next attempt, ever longer and each for another while: those who gave way to each other would else meet
 * again.
 *
 * @param attempt the one that came to nothing, from 1 on
 */
export async function waitToRepeat(attempt: number): Promise<void> {
  await systemSleep(randomInt(4 ** attempt));
}
