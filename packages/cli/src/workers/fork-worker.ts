import cluster from 'node:cluster';
import { createInterface } from 'node:readline';
import type { Worker } from './supervise-workers.ts';

/** What a worker tells its primary, once: that it serves, or why it can't. */
export type WorkerMessage<Ready> = { ready: Ready } | { problem: string };

/**
 * Starts this very program as a worker that shares the primary's port (node:cluster, connections dealt out in turn),
 * with these words. What it writes comes out here line by line, so that lines of several never mix.
 */
export function forkWorker<Ready>(words: readonly string[]): Worker<Ready> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ args: [...words], silent: true });
  const worker = cluster.fork();
  const { stdout, stderr } = worker.process;
  if (stdout) createInterface({ input: stdout }).on('line', (line) => process.stdout.write(`${line}\n`));
  if (stderr) createInterface({ input: stderr }).on('line', (line) => process.stderr.write(`${line}\n`));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    // Of the process itself: the cluster tells an exit before what was written has come.
    worker.process.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<Ready>((resolve, reject) => {
    worker.once('message', (message: WorkerMessage<Ready>) => {
      if ('ready' in message) resolve(message.ready);
      else reject(new Error(message.problem));
    });
    void ended.then(({ code, signal }) =>
      reject(new Error(`A worker ended before it served (${signal ?? `exit code ${code}`}); see its log.`)),
    );
  });
  return {
    ready,
    ended,
    stop: () => void worker.process.kill('SIGTERM'),
    kill: () => void worker.process.kill('SIGKILL'),
  };
}
