import process from 'node:process';
import { createLog, type MetricsReport, serveWorkerMetrics, startSystemTimer } from '@latchkey/hub';
import { forkWorker } from '../workers/fork-worker.ts';
import { superviseWorkers } from '../workers/supervise-workers.ts';
import { type HubOptions, hubConfig } from './hub-config.ts';
import { printHub } from './print-hub.ts';
import type { MetricsQuestion, WorkerOptions, WorkerReady } from './serve-worker.ts';

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
  await using metrics = await serveWorkerMetrics(config);
  const workers = await superviseWorkers<WorkerReady>({
    count,
    start: (number, isFirst) => {
      // All ask for the same port, if it be 0: that is how node:cluster knows that they share one.
      const settings: WorkerOptions = { ...options, number, isFirst };
      const worker = forkWorker<WorkerReady, MetricsQuestion, MetricsReport>([
        'serve-worker',
        JSON.stringify(settings),
      ]);
      metrics?.follow(number, worker);
      return worker;
    },
    startTimer: startSystemTimer,
    now: () => performance.now(),
    onEnd: (worker, end) => log.error({ worker, ...end }, 'worker ended'),
  });
  const { url, entryLink } = workers.first;
  printHub(config, { url, entryLink: entryLink ?? '', workers: count });
  await stopped;
  const ends = await workers.stop();
  // One that had to leave something undone has said so in its log.
  if (ends.some(({ code }) => code !== 0)) process.exitCode = 1;
}
