import { setTimeout as waitFor } from 'node:timers/promises';
import { DamagedValueError } from './damaged-value-error.ts';
import { readTime } from './outside-values.ts';

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

/** A timer that runs; it calls once when it runs out. Disposing of it stops it. */
export interface Timer extends Disposable {
  /** Begins its time anew. */
  refresh(): void;
}

/** Timers are handed in too, where something is watched that may stand still; tests let their time pass. */
export type StartTimer = (milliseconds: number, onEnd: () => void) => Timer;

export const systemClock: Clock = { now: () => Date.now() };

export const systemSleep: Sleep = (milliseconds, signal) =>
  waitFor(milliseconds, undefined, signal ? { signal } : {});

export const startSystemTimer: StartTimer = (milliseconds, onEnd) => setTimeout(onEnd, milliseconds);

/** @returns a time as the API shows it. @throws DamagedValueError for a number that is no time */
export function toIso<T extends number | null>(time: T): T extends number ? string : string | null;
export function toIso(time: number | null): string | null {
  if (time === null) return null;
  const usable = readTime(time);
  if (usable === null) throw new DamagedValueError('A stored number is no time.');
  return new Date(usable).toISOString();
}

/** What a damaged row shows for a time that it must have and that can't be told. */
export const unknownTime = '1970-01-01T00:00:00.000Z';

/** @returns a stored time of a damaged row as the API shows it; where it can't be told, null */
export function toIsoIfUsable(time: number | null): string | null {
  const usable = readTime(time);
  return usable === null ? null : toIso(usable);
}
