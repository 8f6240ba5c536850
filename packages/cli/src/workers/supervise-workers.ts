/** A process that serves, as its supervisor sees it. */
export interface Worker<Ready> {
  /** Resolves when it serves. Rejects with what it said when it ended before. */
  ready: Promise<Ready>;
  /** Resolves when it has ended. */
  ended: Promise<WorkerEnd>;
  /** Asks it to end in order. */
  stop(): void;
  kill(): void;
}

export interface WorkerEnd {
  code: number | null;
  signal: string | null;
}

export interface UnaskedEnd extends WorkerEnd {
  /** Why it never served; null where it did. */
  problem: string | null;
  restartInMilliseconds: number;
}

interface Supervision<Ready> {
  count: number;
  /**
   * @param number 1, 2, …; a worker that takes another's place has its number
   * @param isFirst whether none has served yet
   */
  start: (number: number, isFirst: boolean) => Worker<Ready>;
  /** A timer that runs once, and can be stopped. */
  startTimer: (milliseconds: number, onEnd: () => void) => Disposable;
  now: () => number;
  /** Told when one ends that was not asked to. */
  onEnd: (number: number, end: UnaskedEnd) => void;
}

/** Workers at work. */
export interface SupervisedWorkers<Ready> {
  /** What the first one said when it was ready. */
  first: Ready;
  /** Asks all to end in order, kills who has not within the time. @returns how each has ended, once all have */
  stop(): Promise<WorkerEnd[]>;
}

/** Doubled with each end in a row, up to the longest. */
const firstRestartMilliseconds = 1000;
const longestRestartMilliseconds = 30_000;
/** Who has served for so long has not failed in a row. */
const steadyMilliseconds = 60_000;
/** An orderly end takes five seconds for requests under way, and some for what is being written. */
const stopWithinMilliseconds = 15_000;

/**
 * Keeps so many workers running: one that ends is followed by another, after a pause that grows while it goes on
 * ending. The first one starts alone, since it does what there is to do once (tables, keys).
 *
 * @throws what the first one said when it can't start
 */
export async function superviseWorkers<Ready>(
  supervision: Supervision<Ready>,
): Promise<SupervisedWorkers<Ready>> {
  const { count, start, startTimer, now, onEnd } = supervision;
  const running = new Map<number, Worker<Ready>>();
  const pauses = new Set<Disposable>();
  let isStopping = false;

  const firstWorker = start(1, true);
  const first = await firstWorker.ready;

  /** @param failures how often the worker of this number has ended in a row */
  async function keep(number: number, worker: Worker<Ready>, failures: number): Promise<void> {
    const startedAt = now();
    running.set(number, worker);
    const [end, problem] = await Promise.all([worker.ended, problemOf(worker)]);
    running.delete(number);
    if (isStopping) return;
    const inARow = now() - startedAt >= steadyMilliseconds ? 0 : failures;
    const restartInMilliseconds = Math.min(
      firstRestartMilliseconds * 2 ** inARow,
      longestRestartMilliseconds,
    );
    onEnd(number, { ...end, problem, restartInMilliseconds });
    const timer = startTimer(restartInMilliseconds, () => {
      pauses.delete(timer);
      void keep(number, start(number, false), inARow + 1);
    });
    pauses.add(timer);
  }

  void keep(1, firstWorker, 0);
  const others = Array.from({ length: count - 1 }, (_, index) => start(index + 2, false));
  for (const [index, worker] of others.entries()) void keep(index + 2, worker, 0);
  await Promise.allSettled(others.map(({ ready }) => ready));

  return {
    first,
    async stop() {
      isStopping = true;
      for (const pause of pauses) pause[Symbol.dispose]();
      const workers = [...running.values()];
      for (const worker of workers) worker.stop();
      using _limit = startTimer(stopWithinMilliseconds, () => {
        for (const worker of running.values()) worker.kill();
      });
      return await Promise.all(workers.map(({ ended }) => ended));
    },
  };
}

/** @returns why it never served; null when it does */
async function problemOf(worker: Worker<unknown>): Promise<string | null> {
  try {
    await worker.ready;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
