import { setTimeout } from 'node:timers/promises';

/** Time is handed in; tests move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/**
 * Waiting is handed in like the clock: in production `setTimeout` of `node:timers/promises`; tests resolve it at once.
 * Rejects with the signal's reason when the signal is aborted.
 */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export const systemClock: Clock = { now: () => Date.now() };

export const systemSleep: Sleep = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, signal ? { signal } : {});
