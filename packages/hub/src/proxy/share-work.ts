import type { Timer } from '../ground/clock.ts';
import type { HubContext } from '../hub-context.ts';

/** What is done so that concurrent calls are shared out, while nobody waits for it. */
export interface ShareWork {
  /** What fails is told once, and again only after something went well: the next renewal makes up for it. */
  start(work: () => Promise<void>): void;
  later(milliseconds: number, work: () => void): void;
  /** Nothing more is begun. */
  close(): void;
}

export function createShareWork({
  startTimer,
  log,
  background,
}: Pick<HubContext, 'startTimer' | 'log' | 'background'>): ShareWork {
  const timers = new Set<Timer>();
  let isFailing = false;
  let isClosed = false;

  return {
    start(work) {
      if (isClosed) return;
      background.start('share concurrent calls', async () => {
        try {
          await work();
          isFailing = false;
        } catch (error) {
          // Until it goes well leases end, and with them what they allow.
          if (!isFailing) log.warn({ err: error }, 'concurrent calls not shared out');
          isFailing = true;
        }
      });
    },
    later(milliseconds, work) {
      if (isClosed) return;
      const timer = startTimer(milliseconds, () => {
        timers.delete(timer);
        work();
      });
      timers.add(timer);
    },
    close() {
      isClosed = true;
      for (const timer of timers) timer[Symbol.dispose]();
    },
  };
}
