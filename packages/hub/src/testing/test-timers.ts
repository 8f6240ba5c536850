import { EventEmitter, once } from 'node:events';
import type { StartTimer } from '../ground/clock.ts';

/** Timers whose time passes when a test says so. */
export interface TestTimers {
  startTimer: StartTimer;
  /** Lets time pass; the timers that run out call. */
  pass(milliseconds: number): void;
  /** Resolves when the next timer is started. */
  nextStart(): Promise<unknown>;
  /** Resolves when a timer of that length is next started. */
  nextWait(milliseconds: number): Promise<void>;
  /** Resolves when a timer of that length is next stopped. */
  nextEnd(milliseconds: number): Promise<void>;
  /** Resolves when a timer is next begun anew: something has moved. */
  nextRefresh(): Promise<unknown>;
}

export function createTestTimers(): TestTimers {
  const events = new EventEmitter();
  const running = new Map<object, { endsAt: number; onEnd: () => void }>();
  let now = 0;

  async function nextOf(name: 'start' | 'end', milliseconds: number): Promise<void> {
    for (;;) {
      const [length] = await once(events, name);
      if (length === milliseconds) return;
    }
  }

  return {
    startTimer(milliseconds, onEnd) {
      const timer = {
        refresh() {
          if (running.has(timer)) running.set(timer, { endsAt: now + milliseconds, onEnd });
          events.emit('refresh');
        },
        [Symbol.dispose]() {
          running.delete(timer);
          events.emit('end', milliseconds);
        },
      };
      running.set(timer, { endsAt: now + milliseconds, onEnd });
      events.emit('start', milliseconds);
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
    nextWait: (milliseconds) => nextOf('start', milliseconds),
    nextEnd: (milliseconds) => nextOf('end', milliseconds),
    nextRefresh: () => once(events, 'refresh'),
  };
}
