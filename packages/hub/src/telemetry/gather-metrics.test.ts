import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestTimers, type TestTimers } from '../testing/test-timers.ts';
import type { MetricsReport } from './create-metrics.ts';
import { type GatheredMetrics, gatherMetrics } from './gather-metrics.ts';

/** A worker with some figures, which answers as the test says. */
function createWorker() {
  const own = new Registry();
  const store = new Registry();
  const registers = [own];
  const calls = new Counter({ name: 'calls_total', help: 'Calls', labelNames: ['status'], registers });
  const seconds = new Histogram({ name: 'seconds', help: 'Seconds', buckets: [1], registers });
  const memory = new Gauge({ name: 'memory', help: 'Memory', registers });
  const connections = new Gauge({ name: 'connections', help: 'Connections', registers: [store] });
  const asked: boolean[] = [];
  let hangs = Promise.resolve();
  return {
    calls,
    seconds,
    memory,
    connections,
    asked,
    /** It answers nothing until what this returns is called. */
    hang(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      hangs = promise;
      return resolve;
    },
    ask: async ({ withStore }: { withStore: boolean }): Promise<MetricsReport> => {
      asked.push(withStore);
      await hangs;
      const [counted, ofStore] = [await own.getMetricsAsJSON(), await store.getMetricsAsJSON()];
      // As it comes from another process.
      return JSON.parse(JSON.stringify({ own: counted, store: withStore ? ofStore : null }));
    },
  };
}

let timers: TestTimers;
let gathered: GatheredMetrics;
let now: number;

beforeEach(() => {
  now = 0;
  timers = createTestTimers();
  gathered = gatherMetrics({ startTimer: timers.startTimer, now: () => now });
});

/** @returns the value behind a name with its labels */
async function read(name: string, text = gathered.text()): Promise<number | undefined> {
  const line = (await text).split('\n').find((found) => found.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** Two workers of which each has counted a call. */
function twoWorkers() {
  const [one, two] = [createWorker(), createWorker()];
  one.calls.inc({ status: '200' });
  two.calls.inc({ status: '200' });
  return { one, two, first: gathered.join(1, one.ask), second: gathered.join(2, two.ask) };
}

/** Has the patience with whoever hangs pass, once all have been asked. */
async function losePatience(text: Promise<string>): Promise<string> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  timers.pass(2000);
  return text;
}

describe('metrics of several workers', () => {
  it('add up what each counts, by name and labels', async () => {
    const { one, two } = twoWorkers();
    two.calls.inc({ status: '503' }, 4);
    one.seconds.observe(0.5);
    two.seconds.observe(3);
    one.memory.set(10);
    two.memory.set(5);
    const text = gathered.text();
    expect(await read('calls_total{status="200"}', text)).toBe(2);
    expect(await read('calls_total{status="503"}', text)).toBe(4);
    expect(await read('seconds_bucket{le="1"}', text)).toBe(1);
    expect(await read('seconds_bucket{le="+Inf"}', text)).toBe(2);
    expect(await read('seconds_sum', text)).toBe(3.5);
    expect(await read('seconds_count', text)).toBe(2);
    expect(await read('memory', text)).toBe(15);
    expect(await read('latchkey_worker_up{worker="1"}', text)).toBe(1);
    expect(await read('latchkey_worker_up{worker="2"}', text)).toBe(1);
  });

  it('tell what the database says once, asked for by one worker', async () => {
    const { one, two } = twoWorkers();
    one.connections.set(7);
    two.connections.set(7);
    expect(await read('connections')).toBe(7);
    expect([one.asked, two.asked]).toEqual([[true], [false]]);
  });

  it('keep what a worker had counted that is gone, and add what its follower counts', async () => {
    const { one, two, first } = twoWorkers();
    one.seconds.observe(0.5);
    one.memory.set(10);
    two.memory.set(5);
    await gathered.text();
    first[Symbol.dispose]();
    expect(await read('calls_total{status="200"}')).toBe(2);
    const follower = createWorker();
    follower.calls.inc({ status: '200' }, 3);
    follower.seconds.observe(0.5);
    const joined = gathered.join(1, follower.ask);
    expect(await read('calls_total{status="200"}')).toBe(5);
    expect(await read('seconds_bucket{le="1"}')).toBe(2);
    expect(await read('memory')).toBe(5);
    joined[Symbol.dispose]();
    joined[Symbol.dispose]();
    expect(await read('calls_total{status="200"}')).toBe(5);
    expect(await read('latchkey_worker_up{worker="1"}')).toBeUndefined();
  });

  it('wait for a worker that hangs no longer than two seconds, and go by what it said last', async () => {
    const { one, two } = twoWorkers();
    await gathered.text();
    const goOn = two.hang();
    two.calls.inc({ status: '200' }, 10);
    one.calls.inc({ status: '200' });
    const text = losePatience(gathered.text());
    expect(await read('calls_total{status="200"}', text)).toBe(3);
    expect(await read('latchkey_worker_up{worker="2"}', text)).toBe(0);
    // It is not asked again while it hangs.
    await losePatience(gathered.text());
    expect(two.asked).toHaveLength(2);
    goOn();
    await gathered.text();
    const after = gathered.text();
    expect(await read('calls_total{status="200"}', after)).toBe(13);
    expect(await read('latchkey_worker_up{worker="2"}', after)).toBe(1);
  });

  it('have another worker ask the database where one hangs, and forget what is too old', async () => {
    const { one, two } = twoWorkers();
    one.connections.set(7);
    two.connections.set(8);
    await gathered.text();
    one.hang();
    expect(await read('connections', losePatience(gathered.text()))).toBe(7);
    expect(await read('connections', losePatience(gathered.text()))).toBe(8);
    two.hang();
    await losePatience(gathered.text());
    now += 119_999;
    expect(await read('connections', losePatience(gathered.text()))).toBe(8);
    now += 1;
    expect(await read('connections', losePatience(gathered.text()))).toBeUndefined();
  });

  it('go on where asking a worker fails', async () => {
    const { one } = twoWorkers();
    gathered.join(3, () => Promise.reject(new Error('The worker has ended.')));
    one.calls.inc({ status: '200' });
    const text = gathered.text();
    expect(await read('calls_total{status="200"}', text)).toBe(3);
    expect(await read('latchkey_worker_up{worker="3"}', text)).toBe(0);
  });

  it('are there before any worker is', async () => {
    expect(await gathered.text()).not.toContain('worker="');
  });
});
