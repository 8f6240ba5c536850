import cluster from 'node:cluster';
import process from 'node:process';
import { type MetricsReport, type RunningHub, startHub } from '@latchkey/hub';
import { describeFailure } from '../terminal/describe-failure.ts';
import type { WorkerMessage, WorkerQuestion } from '../workers/fork-worker.ts';
import { ensureApiKey } from './ensure-api-key.ts';
import { type HubOptions, hubConfig } from './hub-config.ts';
import { releaseYoungGeneration } from './release-young-generation.ts';

/** What the primary tells a worker. */
export interface WorkerOptions extends HubOptions {
  /** 1, 2, …: by which the log tells workers apart. */
  number: number;
  /** The one that makes the operator's API key and the link to enter by; there is one at each start. */
  isFirst: boolean;
}

/** What the primary asks a worker. */
export interface MetricsQuestion {
  withStore: boolean;
}

/** What a worker tells of the hub that it serves. */
export interface WorkerReady {
  url: string;
  /** Of the first one. */
  entryLink: string | null;
}

/**
 * Serves as one of several workers on one port.
 *
 * @param stopped resolves when it is to end
 */
export async function serveWorker(options: WorkerOptions, stopped: Promise<void>): Promise<void> {
  const { number, isFirst, data } = options;
  endInOrderWithoutPrimary();
  try {
    const hub = await startHub({ config: hubConfig(options), worker: number });
    answerForMetrics(hub);
    try {
      if (isFirst) await ensureApiKey(hub, data);
      tell({ ready: { url: hub.url, entryLink: isFirst ? await hub.entryLink() : null } });
      releaseYoungGeneration();
      await Promise.race([stopped, primaryGone()]);
    } finally {
      await hub.close();
    }
  } catch (error) {
    tell({ problem: describeFailure(error) });
    process.exitCode = 1;
  } finally {
    // What still holds the process up is the channel to the primary.
    if (process.connected) process.disconnect();
  }
}

/** The primary adds up what all workers count. */
function answerForMetrics({ metrics }: RunningHub): void {
  process.on('message', ({ number, question }: WorkerQuestion<MetricsQuestion>) => {
    void metrics?.report(question).then((answer) => tell({ question: number, answer }));
  });
}

function tell(message: WorkerMessage<WorkerReady, MetricsReport>): void {
  if (process.connected) process.send?.(message);
}

/** Node ends a worker on the spot when its primary is gone; what is under way may be a refresh. */
function endInOrderWithoutPrimary(): void {
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
}

/** Without a primary no connections come, and nobody would ask it to end. */
function primaryGone(): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.once('disconnect', resolve);
    else resolve();
  });
}
