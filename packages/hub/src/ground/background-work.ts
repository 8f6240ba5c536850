import type { Logger } from 'pino';

/**
 * Work that goes on after the answer was sent: a registration's steps, the polling of a device code. What it does is
 * recorded in the database as it happens, so that another process can take it over; this only keeps it from being
 * cut off by an orderly close.
 */
export interface BackgroundWork {
  /**
   * Starts work at once and answers at once. What it throws is logged under its name, unless the hub is closing.
   * @param work gets a signal that is aborted when the hub closes; it then ends at its next safe point
   */
  start(name: string, work: (signal: AbortSignal) => Promise<void>): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Aborts the signal and waits until all work has ended. To be called before the store is closed. */
  close(): Promise<void>;
}

/** @returns the background work of one hub process */
export function createBackgroundWork(log: Logger): BackgroundWork {
  const closing = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function run(name: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await work(closing.signal);
    } catch (error) {
      // An abort is how work ends when the hub closes; anything else nobody else would hear of.
      if (!closing.signal.aborted) log.error({ err: error, work: name }, 'background work failed');
    }
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    start(name, work) {
      if (closing.signal.aborted) return;
      const running = run(name, work).finally(() => underWay.delete(running));
      underWay.add(running);
    },
    idle,
    async close() {
      closing.abort();
      await idle();
    },
  };
}
