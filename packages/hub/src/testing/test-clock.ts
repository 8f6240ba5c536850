import type { Clock } from '../ground/clock.ts';

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  advance(milliseconds: number): void;
}

const start = Date.UTC(2026, 10, 2, 9, 0, 0);

/** @returns a clock at 2 November 2026, 09:00 UTC, unless told otherwise */
export function createTestClock(now: number = start): TestClock {
  let time = now;
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
  };
}
