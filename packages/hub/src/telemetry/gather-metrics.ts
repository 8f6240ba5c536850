import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { StartTimer } from '../ground/clock.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { MetricsReport, MetricsText } from './create-metrics.ts';

/** Who watches asks every fifteen seconds or so, and gives up after ten. */
const answersWithin = 2 * millisecondsPerSecond;
/** What nobody has asked the database for so long says nothing of it any more. */
const storeFiguresKept = 2 * millisecondsPerMinute;

type Series = MetricsReport['own'];

/** Asks a worker for its figures; rejects when it is gone. */
type AskWorker = (wanted: { withStore: boolean }) => Promise<MetricsReport>;

/** The metrics of several processes as those of one. */
export interface GatheredMetrics extends MetricsText {
  /** Counts a worker in until it is disposed of; what it has counted by then stays. @param number 1, 2, … */
  join(number: number, ask: AskWorker): Disposable;
}

interface Member {
  number: number;
  ask: AskWorker;
  last: MetricsReport | null;
  /** Whether it answered in time when it was asked last. */
  isUp: boolean;
  underWay: Promise<boolean> | null;
}

/**
 * Adds up what workers count. Nobody is waited for for long: of one that hangs what it said last is taken, of one that is
 * gone what it had counted when it was asked last, so that no sum ever falls. Figures of the database are one worker's,
 * and another's once that one does not answer.
 */
export function gatherMetrics({
  startTimer,
  now,
}: {
  startTimer: StartTimer;
  now: () => number;
}): GatheredMetrics {
  const members = new Set<Member>();
  let ofGone: Series = [];
  let store: { series: Series; at: number } | null = null;
  let storeAsker: Member | undefined;

  async function askMember(member: Member): Promise<boolean> {
    try {
      const report = await member.ask({ withStore: member === storeAsker });
      member.last = report;
      if (report.store !== null) store = { series: report.store, at: now() };
      return true;
    } catch {
      return false;
    } finally {
      member.underWay = null;
    }
  }

  /** One that is asked already is not asked again until it answers. */
  async function askInTime(member: Member): Promise<void> {
    member.underWay ??= askMember(member);
    const late = Promise.withResolvers<boolean>();
    using _limit = startTimer(answersWithin, () => late.resolve(false));
    member.isUp = await Promise.race([member.underWay, late.promise]);
  }

  function leave(member: Member): void {
    if (!members.delete(member)) return;
    const counted = (member.last?.own ?? []).filter(({ type }) => isCount(type));
    ofGone = addCounts(ofGone, counted);
  }

  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    join(number, ask) {
      const member: Member = { number, ask, last: null, isUp: true, underWay: null };
      members.add(member);
      return { [Symbol.dispose]: () => leave(member) };
    },
    async text() {
      const asked = [...members].toSorted((a, b) => a.number - b.number);
      if (!storeAsker?.isUp || !members.has(storeAsker))
        storeAsker = asked.find(({ isUp }) => isUp) ?? asked[0];
      await Promise.all(asked.map(askInTime));
      const own = [...members].map(({ last }) => last?.own ?? []);
      const ofStore = store !== null && now() - store.at < storeFiguresKept ? store.series : [];
      const gathered = AggregatorRegistry.aggregate([ofGone, ...own, ofStore]);
      addWorkers(gathered, asked);
      return gathered.metrics();
    },
  };
}

/** The library's types say numbers, the library says words. */
function isCount(type: unknown): boolean {
  return type === 'counter' || type === 'histogram';
}

/** @returns the sum of counters and histograms of two processes, by name and labels */
function addCounts(some: Series, others: Series): Series {
  const sums = new Map(some.map((one) => [one.name, one]));
  for (const other of others) {
    const before = sums.get(other.name);
    const values = new Map((before?.values ?? []).map((value) => [keyOf(value), value]));
    for (const value of other.values) {
      const sum = (values.get(keyOf(value))?.value ?? 0) + value.value;
      values.set(keyOf(value), { ...value, value: sum });
    }
    sums.set(other.name, { ...other, values: [...values.values()] });
  }
  return [...sums.values()];
}

function keyOf(value: Series[number]['values'][number]): string {
  const labels = Object.entries(value.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(['metricName' in value ? value.metricName : null, labels]);
}

function addWorkers(registry: Pick<Registry, 'registerMetric'>, members: readonly Member[]): void {
  const up = new Gauge({
    name: 'latchkey_worker_up',
    help: 'Whether a worker answered in time; of one that did not, the figures are those it told last',
    labelNames: ['worker'],
    registers: [],
  });
  registry.registerMetric(up);
  for (const { number, isUp } of members) up.set({ worker: String(number) }, isUp ? 1 : 0);
}
