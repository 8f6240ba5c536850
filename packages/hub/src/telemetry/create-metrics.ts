import type { Logger } from 'pino';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { Store } from '../store/store.ts';
import { readStoreGauges } from './read-store-gauges.ts';
import type { HubMetrics } from './telemetry.ts';

/** Metrics as they are read. */
export interface MetricsText {
  contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** What a process has counted, for one that adds up several. */
export interface MetricsReport {
  own: Awaited<ReturnType<Registry['getMetricsAsJSON']>>;
  /** Figures of the database; null where they were not asked for. */
  store: MetricsReport['own'] | null;
}

/** Metrics, and how they are read. */
export interface CountedMetrics extends HubMetrics, MetricsText {
  report(wanted: { withStore: boolean }): Promise<MetricsReport>;
}

interface MetricsContext {
  store: Store;
  clock: Clock;
  random: Random;
  log: Logger;
}

/** However often somebody asks, the database is asked once in that time. */
const storeAskedEvery = 30 * millisecondsPerSecond;

const callBuckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];
const refreshBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const quantiles = [0.5, 0.9, 1];

/** @returns the metrics of one hub process, with those of Node and the process itself */
export function createMetrics(context: MetricsContext): CountedMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const refreshes = new Counter({
    name: 'latchkey_refreshes_total',
    help: 'Refreshes that ended in this process, by outcome: ok, or the code of the failure',
    labelNames: ['outcome'],
    registers,
  });
  const refreshSeconds = new Histogram({
    name: 'latchkey_refresh_duration_seconds',
    help: 'How long refreshes took, the wait for another process included',
    buckets: refreshBuckets,
    registers,
  });
  const leaseSeconds = new Histogram({
    name: 'latchkey_lease_wait_seconds',
    help: 'How long was waited for another process’s refresh',
    buckets: refreshBuckets,
    registers,
  });
  const callSeconds = new Histogram({
    name: 'latchkey_proxy_call_duration_seconds',
    help: 'Proxied calls by the status that the caller got; 0 when it went away',
    labelNames: ['status'],
    buckets: callBuckets,
    registers,
  });
  const workSeconds = new Histogram({
    name: 'latchkey_work_duration_seconds',
    help: 'What the keeper did, by kind and outcome: ok, or the code of the failure',
    labelNames: ['kind', 'outcome'],
    buckets: refreshBuckets,
    registers,
  });
  const storeRegistry = new Registry();
  const askStore = createStoreGauges(context, storeRegistry);

  return {
    refreshEnded(outcome, milliseconds) {
      refreshes.inc({ outcome });
      refreshSeconds.observe(milliseconds / millisecondsPerSecond);
    },
    leaseWaited: (milliseconds) => leaseSeconds.observe(milliseconds / millisecondsPerSecond),
    callEnded: (status, milliseconds) =>
      callSeconds.observe({ status: String(status) }, milliseconds / millisecondsPerSecond),
    workEnded: (kind, outcome, milliseconds) =>
      workSeconds.observe({ kind, outcome }, milliseconds / millisecondsPerSecond),
    contentType: registry.contentType,
    async text() {
      await askStore();
      return Registry.merge([registry, storeRegistry]).metrics();
    },
    async report({ withStore }) {
      if (withStore) await askStore();
      return {
        own: await readFinite(registry),
        store: withStore ? await readFinite(storeRegistry) : null,
      };
    },
  };
}

/** What is no number yet gets lost on the way to another process, and would spoil its sums. */
async function readFinite(registry: Registry): Promise<MetricsReport['own']> {
  const series = await registry.getMetricsAsJSON();
  return series.map((one) => ({ ...one, values: one.values.filter(({ value }) => Number.isFinite(value)) }));
}

/** Figures of the database are the same from every process on it: take the highest, do not add them up. */
function createStoreGauges(context: MetricsContext, registry: Registry): () => Promise<void> {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `latchkey_${name}`, help, labelNames, registers });
  const up = gauge('store_up', 'Whether the database answered when it was asked last');
  const connections = gauge('connections', 'Connections by state, estimated from a sample of 1,000', [
    'state',
  ]);
  const ages = gauge('token_age_seconds', 'Since when access tokens are there, of a sample', ['quantile']);
  const due = gauge('due_work', 'Work that is due, up to 10,000');
  const soon = gauge('due_work_within_hour', 'Work that is due within the next hour, up to 10,000');
  const overdue = gauge('due_work_overdue_seconds', 'For how long the longest due work has been so');
  const secrets = gauge('secret_days_left', 'Days until a registration’s secret or certificate ends', [
    'registration',
  ]);
  let askedAt = Number.NEGATIVE_INFINITY;

  return async () => {
    const now = context.clock.now();
    if (Math.abs(now - askedAt) < storeAskedEvery) return;
    askedAt = now;
    try {
      const { connectionsByState, tokenAges, work, secrets: ends } = await readStoreGauges(context);
      connections.reset();
      for (const [state, count] of connectionsByState) connections.set({ state }, count);
      ages.reset();
      for (const quantile of quantiles) {
        const age = tokenAges.at(Math.ceil(quantile * tokenAges.length) - 1);
        if (age !== undefined) ages.set({ quantile: String(quantile) }, age / millisecondsPerSecond);
      }
      due.set(work.due);
      soon.set(work.dueWithinHour);
      overdue.set(work.longestOverdue / millisecondsPerSecond);
      secrets.reset();
      for (const { registrationId, daysLeft } of ends)
        secrets.set({ registration: registrationId }, daysLeft);
      up.set(1);
    } catch (cause) {
      context.log.warn({ cause }, 'metrics without the database');
      up.set(0);
    }
  };
}
