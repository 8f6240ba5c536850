import cluster from 'node:cluster';
import { forkWorker } from '@latchkey/cli/fork-worker';
import { superviseWorkers } from '@latchkey/cli/supervise-workers';
import { makeConnection, openHub } from './open-hub.ts';
import { announceReady, readSetting } from './serve.ts';

/** A hub with one connection, served by several processes on one port as `latchkey serve --workers` does. */
interface Ready {
  connectionUrl: string;
  apiKey: string;
}

if (cluster.isPrimary) await serveWithWorkers(Number(readSetting('workers')));
else await serveWorker();

async function serveWithWorkers(count: number): Promise<void> {
  const { first } = await superviseWorkers<Ready>({
    count,
    start: (_number, isFirst) => {
      const settings = { ...JSON.parse(process.argv[2] ?? '{}'), ...(isFirst && { isFirst: 'yes' }) };
      return forkWorker([JSON.stringify(settings)]);
    },
    startTimer: (milliseconds, onEnd) => setTimeout(onEnd, milliseconds),
    now: () => performance.now(),
    onEnd: (_number, { problem }) => {
      throw new Error(`A worker ended: ${problem}`);
    },
  });
  const workers = Object.values(cluster.workers ?? {}).map((worker) => worker?.process.pid);
  announceReady({ ...first, pids: [process.pid, ...workers] });
}

async function serveWorker(): Promise<void> {
  const hub = await openHub();
  const isFirst = (process.argv[2] ?? '').includes('"isFirst"');
  process.on('SIGTERM', () => process.exit(0));
  process.send?.({ ready: isFirst ? await makeConnection(hub) : null });
}
