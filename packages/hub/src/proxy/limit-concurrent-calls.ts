import type { StartTimer } from '../ground/clock.ts';

interface Lane {
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
  const lanes = new Map<string, Lane>();

  function waitInLine(lane: Lane, patienceMilliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = () => {
        timer[Symbol.dispose]();
        resolve(true);
      };
      const timer = startTimer(patienceMilliseconds, () => {
        lane.waiting.splice(lane.waiting.indexOf(admit), 1);
        resolve(false);
      });
      lane.waiting.push(admit);
    });
  }

  return {
    enter(connectionId, patienceMilliseconds) {
      const lane = lanes.get(connectionId);
      if (!lane) {
        lanes.set(connectionId, { running: 1, waiting: [] });
        return true;
      }
      if (lane.running >= limit) return waitInLine(lane, patienceMilliseconds);
      lane.running += 1;
      return true;
    },
    leave(connectionId) {
      const lane = lanes.get(connectionId);
      if (!lane) return;
      // The place goes straight to who waits longest, so nobody who comes now overtakes.
      const next = lane.waiting.shift();
      if (next) next();
      else if (lane.running === 1) lanes.delete(connectionId);
      else lane.running -= 1;
    },
  };
}
