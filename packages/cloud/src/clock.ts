/** Time is handed in: tests move it, nothing reads `Date.now()` by itself. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** The machine's own time, also while a test pretends another by replacing `Date`: TLS clients check by it. */
export const machineClock: Clock = { now: Date.now };

export interface MovableClock extends Clock {
  /** Moves time on (or back, when negative) by so many milliseconds. */
  advance(milliseconds: number): void;
}

/** A clock that runs with real time plus an offset that tests and the operator move. */
export function createMovableClock(base: Clock = systemClock): MovableClock {
  let offset = 0;
  return {
    now: () => base.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}
