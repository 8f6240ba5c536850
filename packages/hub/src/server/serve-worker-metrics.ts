import type { HubConfig } from '../config/config.ts';
import { startSystemTimer } from '../ground/clock.ts';
import type { MetricsReport } from '../telemetry/create-metrics.ts';
import { serveMetrics } from './serve-metrics.ts';

/** A worker that can be asked for what it counts. */
interface CountingWorker {
  /** Resolves when it serves. */
  ready: Promise<unknown>;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
  ask: (wanted: { withStore: boolean }) => Promise<MetricsReport>;
}

/** `/metrics` of several workers, as of one process. */
export interface WorkerMetrics extends AsyncDisposable {
  /** Counts a worker in from when it serves until it ends. @param number 1, 2, … */
  follow(number: number, worker: CountingWorker): void;
}

/**
 * Serves the metrics of all workers from the process that started them; null where nobody asked for metrics.
 *
 * @throws HubStartError `metrics_port_unavailable`
 */
export async function serveWorkerMetrics({
  metrics: place,
}: Pick<HubConfig, 'metrics'>): Promise<WorkerMetrics | null> {
  if (place === null) return null;
  const { gatherMetrics } = await import('../telemetry/gather-metrics.ts');
  const gathered = gatherMetrics({ startTimer: startSystemTimer, now: () => performance.now() });
  const server = await serveMetrics(place, gathered);
  return {
    follow: (number, worker) => void follow(number, worker),
    [Symbol.asyncDispose]: () => server.close(),
  };

  async function follow(number: number, { ready, ended, ask }: CountingWorker): Promise<void> {
    try {
      await ready;
    } catch {
      // Its supervisor tells why it never served; it has counted nothing.
      return;
    }
    using _joined = gathered.join(number, ask);
    await ended;
  }
}
