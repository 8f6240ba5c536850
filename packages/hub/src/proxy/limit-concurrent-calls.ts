import type { StartTimer } from '../ground/clock.ts';

interface CallQueue {
  running: number;
  /** Called when a call before has ended; in the order of arrival. */
  waiting: (() => void)[];
}

/** Keeps the calls of each connection, that run at the same time, under a number. It counts in one process. */
export interface CallLimit {
  /**
   * Takes a place, waiting for one if need be.
   * @returns false when none became free in time; true: `leave` has to follow
   */
  enter(connectionId: string, patienceMilliseconds: number): Promise<boolean> | true;
  leave(connectionId: string): void;
}

/** @param limit how many calls of one connection may run at the same time */
export function createCallLimit({ startTimer }: { startTimer: StartTimer }, limit: number): CallLimit {
  const queues = new Map<string, CallQueue>();

  function waitInLine(queue: CallQueue, patienceMilliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = () => {
        timer[Symbol.dispose]();
        resolve(true);
      };
      const timer = startTimer(patienceMilliseconds, () => {
        queue.waiting.splice(queue.waiting.indexOf(admit), 1);
        resolve(false);
      });
      queue.waiting.push(admit);
    });
  }

  return {
    enter(connectionId, patienceMilliseconds) {
      const queue = queues.get(connectionId);
      if (!queue) {
        queues.set(connectionId, { running: 1, waiting: [] });
        return true;
      }
      if (queue.running >= limit) return waitInLine(queue, patienceMilliseconds);
      queue.running += 1;
      return true;
    },
    leave(connectionId) {
      const queue = queues.get(connectionId);
      if (!queue) return;
      // The place goes straight to who waits longest, so nobody who comes now overtakes.
      const next = queue.waiting.shift();
      if (next) next();
      else if (queue.running === 1) queues.delete(connectionId);
      else queue.running -= 1;
    },
  };
}
