import { EventEmitter, once } from 'node:events';
import type { StartTimer } from '../ground/clock.ts';

/** Timers whose time passes when a test says so. */
export interface TestTimers {
  startTimer: StartTimer;
  /** Lets time pass; the timers that run out call. */
  pass(milliseconds: number): void;
  /** Resolves when the next timer is started. */
  nextStart(): Promise<unknown>;
  /** Resolves when a timer is next begun anew: something has moved. */
  nextRefresh(): Promise<unknown>;
}

export function createTestTimers(): TestTimers {
  const events = new EventEmitter();
  const running = new Map<object, { endsAt: number; onEnd: () => void }>();
  let now = 0;
  return {
    startTimer(milliseconds, onEnd) {
      const timer = {
        refresh() {
          if (running.has(timer)) running.set(timer, { endsAt: now + milliseconds, onEnd });
          events.emit('refresh');
        },
        [Symbol.dispose]() {
          running.delete(timer);
        },
      };
      running.set(timer, { endsAt: now + milliseconds, onEnd });
      events.emit('start');
      return timer;
    },
    pass(milliseconds) {
      now += milliseconds;
      for (const [timer, { endsAt, onEnd }] of running) {
        if (endsAt > now) continue;
        running.delete(timer);
        onEnd();
      }
    },
    nextStart: () => once(events, 'start'),
    nextRefresh: () => once(events, 'refresh'),
  };
}
