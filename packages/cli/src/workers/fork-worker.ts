import cluster from 'node:cluster';
import { createInterface } from 'node:readline';
import type { Worker } from './supervise-workers.ts';

/** What a worker tells its primary: once that it serves, or why it can't; then the answer to each question. */
export type WorkerMessage<Ready, Answer> =
  | { ready: Ready }
  | { problem: string }
  | { question: number; answer: Answer };

/** What the primary asks a worker, whose answer has the same number. */
export interface WorkerQuestion<Question> {
  number: number;
  question: Question;
}

/** A worker that can be asked something while it serves. */
interface AskedWorker<Ready, Question, Answer> extends Worker<Ready> {
  /** Rejects when it has ended before it answered. */
  ask: (question: Question) => Promise<Answer>;
}

/**
 * Starts this very program as a worker that shares the primary's port (node:cluster, connections dealt out in turn),
 * with these words. What it writes comes out here line by line, so that lines of several never mix.
 */
export function forkWorker<Ready, Question, Answer>(
  words: readonly string[],
): AskedWorker<Ready, Question, Answer> {
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
  const ready = Promise.withResolvers<Ready>();
  const unanswered = new Map<number, PromiseWithResolvers<Answer>>();
  let asked = 0;

  worker.on('message', (message: WorkerMessage<Ready, Answer>) => {
    if ('ready' in message) ready.resolve(message.ready);
    else if ('problem' in message) ready.reject(new Error(message.problem));
    else {
      unanswered.get(message.question)?.resolve(message.answer);
      unanswered.delete(message.question);
    }
  });
  void tellEnd();
  async function tellEnd(): Promise<void> {
    const { code, signal } = await ended;
    ready.reject(
      new Error(`A worker ended before it served (${signal ?? `exit code ${code}`}); see its log.`),
    );
    for (const { reject } of unanswered.values()) reject(new Error('The worker has ended.'));
  }
  return {
    ready: ready.promise,
    ended,
    stop: () => void worker.process.kill('SIGTERM'),
    kill: () => void worker.process.kill('SIGKILL'),
    async ask(question) {
      asked += 1;
      const answer = Promise.withResolvers<Answer>();
      unanswered.set(asked, answer);
      const message: WorkerQuestion<Question> = { number: asked, question };
      // A channel that is closed says so here, and the worker's end to all who wait.
      worker.send(message, (error) => error && answer.reject(error));
      return answer.promise;
    },
  };
}
