import type { Clock } from '../clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';

/**
 * How late Graph and the token endpoint see what was written through Graph: in the real cloud 5 to 30 s, here none
 * unless set.
 */
export interface ReplicationDelay {
  /** 0 or more; a change is for objects made afterwards. */
  delaySeconds: number;
  /** Notes a new object by one of its ids. */
  note(id: string): void;
  /** Whether an object is still on its way to the servers that answer. */
  isUnderWay(id: string): boolean;
}

export function createReplicationDelay(clock: Clock): ReplicationDelay {
  const arrivals = new Map<string, number>();
  return {
    delaySeconds: 0,
    note(id) {
      if (this.delaySeconds > 0) arrivals.set(id, clock.now() + this.delaySeconds * millisecondsPerSecond);
    },
    isUnderWay(id) {
      const arrival = arrivals.get(id);
      if (arrival === undefined) return false;
      if (arrival > clock.now()) return true;
      arrivals.delete(id);
      return false;
    },
  };
}
