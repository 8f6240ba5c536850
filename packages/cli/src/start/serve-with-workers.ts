import process from 'node:process';
import { createLog } from '@latchkey/hub';
import { forkWorker } from '../workers/fork-worker.ts';
import { superviseWorkers } from '../workers/supervise-workers.ts';
import { type HubOptions, hubConfig } from './hub-config.ts';
import { printHub } from './print-hub.ts';
import type { WorkerOptions, WorkerReady } from './serve-worker.ts';

/**
 * Serves the hub by several processes on one port. This one only deals out connections, writes what the workers log,
 * and starts another for one that ends; it holds no secret and no connection to the database.
 *
 * @param stopped resolves when it is to end
 */
export async function serveWithWorkers(
  options: HubOptions,
  count: number,
  stopped: Promise<void>,
): Promise<void> {
  const config = hubConfig(options);
  const log = createLog(config, process.stderr);
  const workers = await superviseWorkers<WorkerReady>({
    count,
    start: (number, isFirst) => {
      // All ask for the same port, if it be 0: that is how node:cluster knows that they share one.
      const settings: WorkerOptions = { ...options, number, isFirst };
      return forkWorker(['serve-worker', JSON.stringify(settings)]);
    },
    startTimer: (milliseconds, onEnd) => setTimeout(onEnd, milliseconds),
    now: () => performance.now(),
    onEnd: (worker, end) => log.error({ worker, ...end }, 'worker ended'),
  });
  const { url, entryLink } = workers.first;
  printHub(config, { url, entryLink: entryLink ?? '', workers: count });
  await stopped;
  await workers.stop();
}
