import type { Clock } from '../../clock.ts';

/** Service protection: so many requests per user within a window that moves on with time. */
const requestLimit = 6_000;
const windowMilliseconds = 300_000;
/** The window is counted in steps of ten seconds, so that it takes the same memory whatever the traffic. */
const stepMilliseconds = 10_000;

/** Counts the requests of each user. The limit is told, not enforced. */
export interface RequestAllowance {
  /** Counts one request and returns how many are left in the window, never less than zero. */
  countRequest(userId: string): number;
}

export function createRequestAllowance(clock: Clock): RequestAllowance {
  const stepsByUser = new Map<string, Map<number, number>>();
  return {
    countRequest(userId) {
      const steps = stepsByUser.get(userId) ?? new Map<number, number>();
      stepsByUser.set(userId, steps);
      const now = clock.now();
      const current = Math.floor(now / stepMilliseconds);
      steps.set(current, (steps.get(current) ?? 0) + 1);
      let used = 0;
      for (const [step, count] of steps) {
        if (step * stepMilliseconds <= now - windowMilliseconds) steps.delete(step);
        else used += count;
      }
      return Math.max(0, requestLimit - used);
    },
  };
}
