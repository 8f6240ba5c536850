import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { scheduleWork } from '../due-work/schedule-work.ts';
import type { WorkHandler } from '../due-work/work-handler.ts';
import type { Sleep } from '../ground/clock.ts';
import { clockNow } from '../store/database-now.ts';
import type { Store } from '../store/store.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { createKeeper, mostAtOnce } from './create-keeper.ts';

const second = 1000;
const minute = 60 * second;

/** Sleep that lasts until the test ends it; nobody looks at a clock. */
function createTestSleep() {
  const sleeps: { milliseconds: number; wake: () => void }[] = [];
  let next = Promise.withResolvers<number>();
  const sleep: Sleep = (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      sleeps.push({ milliseconds, wake: resolve });
      next.resolve(milliseconds);
      next = Promise.withResolvers();
    });
  return {
    sleep,
    /** Resolves with how long is slept, when somebody next begins to. */
    begun: () => next.promise,
    latest: () => sleeps.at(-1)?.milliseconds,
    wakeAll() {
      for (const { wake } of sleeps.splice(0)) wake();
    },
  };
}

describe.each(testEngines)('a keeper on %s', (engine) => {
  async function openPlace() {
    const store = await openTestStore(await makeStorePlace(engine));
    const clock = createTestClock();
    return { store, clock };
  }

  function startProcess(
    { store, clock }: { store: Store; clock: ReturnType<typeof createTestClock> },
    run: WorkHandler['run'],
  ) {
    const sleeper = createTestSleep();
    const timers = createTestTimers();
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => lines.push(line) });
    const proofs = { inUseMilliseconds: null, idleMilliseconds: null, perEnvironmentMinute: 60 };
    const context = {
      config: { keeper: { isOn: true, proofs } },
      store,
      clock,
      random: { bytes: (count: number) => randomBytes(count) },
      databaseNow: () => clockNow(clock),
      sleep: sleeper.sleep,
      startTimer: timers.startTimer,
      log,
    };
    const keeper = createKeeper(context, [{ kind: 'test', run }]);
    const stopping = new AbortController();
    return {
      keeper,
      sleeper,
      timers,
      lines,
      run: () => keeper.run(stopping.signal),
      stop: () => stopping.abort(),
    };
  }

  function schedule({ store, clock }: Awaited<ReturnType<typeof openPlace>>, subjectId: string, dueIn = 0) {
    return scheduleWork(store.db, { kind: 'test', subjectId, dueAt: clock.now() + dueIn });
  }

  const allWork = ({ store }: { store: Store }) =>
    store.db.selectFrom('due_work').selectAll().orderBy('subject_id').execute();

  it('does what is due, sleeps until the next is, and not for ever', async () => {
    const place = await openPlace();
    const done: string[] = [];
    const process = startProcess(place, async (subjectId) => {
      done.push(subjectId);
      return null;
    });
    await schedule(place, 'now');
    await schedule(place, 'soon', 3 * second);
    await schedule(place, 'much later', 60 * minute);
    const slept = process.sleeper.begun();
    const running = process.run();
    expect(await slept).toBe(3 * second);
    await expect.poll(() => done).toEqual(['now']);
    place.clock.advance(3 * second);
    await expect
      .poll(() => {
        process.sleeper.wakeAll();
        return done;
      })
      .toEqual(['now', 'soon']);
    await expect.poll(() => process.sleeper.latest()).toBe(10 * second);
    process.stop();
    await running;
    expect(await allWork(place)).toMatchObject([{ subject_id: 'much later' }]);
  });

  it('does a piece again when it said so, once each time', async () => {
    const place = await openPlace();
    let runs = 0;
    const { keeper } = startProcess(place, async () => {
      runs += 1;
      return place.clock.now() + minute;
    });
    await schedule(place, 'again');
    for (let round = 1; round <= 3; round += 1) {
      await keeper.runDue();
      await keeper.runDue();
      expect(runs).toBe(round);
      place.clock.advance(minute);
    }
  });

  it('does no more at once than it has room for, and all in the end', async () => {
    const place = await openPlace();
    let atOnce = 0;
    let most = 0;
    const done = new Set<string>();
    const process = startProcess(place, async (subjectId) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      done.add(subjectId);
      return null;
    });
    const count = 3 * mostAtOnce;
    for (let index = 0; index < count; index += 1) await schedule(place, `subject-${index}`);
    const running = process.run();
    await expect.poll(() => done.size).toBe(count);
    process.stop();
    await running;
    expect(most).toBe(mostAtOnce);
  });

  it('shares work with others on the same database: each piece is done by one', async () => {
    const place = await openPlace();
    const done: string[] = [];
    const keepers = Array.from({ length: 4 }, () =>
      startProcess(place, async (subjectId) => {
        done.push(subjectId);
        return null;
      }),
    );
    const all = Array.from({ length: 200 }, (_, index) => `subject-${String(index).padStart(3, '0')}`);
    for (const subject of all) await schedule(place, subject);
    await Promise.all(keepers.map(({ keeper }) => keeper.runDue()));
    expect(done.toSorted()).toEqual(all);
  });

  it('does nothing twice where clocks differ by minutes: the work is only done by so much earlier', async () => {
    const place = await openPlace();
    const ahead = { store: place.store, clock: createTestClock(place.clock.now() + 2 * minute) };
    const done: string[] = [];
    const doOf = (who: string, { clock }: typeof place) =>
      startProcess({ store: place.store, clock }, async () => {
        done.push(who);
        return clock.now() + 60 * minute;
      });
    const [right, early] = [doOf('right', place), doOf('early', ahead)];
    await schedule(place, 'subject', minute);
    for (let passed = 0; passed < 3; passed += 1) {
      await right.keeper.runDue();
      await early.keeper.runDue();
      place.clock.advance(minute);
      ahead.clock.advance(minute);
    }
    expect(done).toEqual(['early']);
  });

  it('does again later what failed for a reason nobody expected, tells it, and goes on with the rest', async () => {
    const place = await openPlace();
    const done: string[] = [];
    const { keeper, lines } = startProcess(place, async (subjectId) => {
      if (subjectId === 'broken' && done.length === 0) throw new Error('nobody expected this');
      done.push(subjectId);
      return null;
    });
    await schedule(place, 'broken', -1);
    await keeper.runDue();
    await schedule(place, 'good');
    await keeper.runDue();
    expect(done).toEqual(['good']);
    expect(lines.join('')).toContain('nobody expected this');
    expect(keeper.record.kinds.get('test')).toMatchObject({ runs: 2, failures: 1 });
    place.clock.advance(5 * minute);
    await keeper.runDue();
    expect(done).toEqual(['good', 'broken']);
  });

  it('keeps what takes long while it does it, and what a killed process held is done by another', async () => {
    const place = await openPlace();
    const release = Promise.withResolvers<void>();
    const slow = startProcess(place, async () => {
      await release.promise;
      return null;
    });
    const others: string[] = [];
    const other = startProcess(place, async (subjectId) => {
      others.push(subjectId);
      return null;
    });
    await schedule(place, 'slow');
    const begun = slow.sleeper.begun();
    const running = slow.run();
    await begun;
    for (let passed = 0; passed < 4; passed += 1) {
      place.clock.advance(10 * second);
      const renewed = slow.timers.nextStart();
      slow.timers.pass(10 * second);
      await renewed;
      await other.keeper.runDue();
    }
    expect(others).toEqual([]);
    // From here on it is as good as killed: nobody renews.
    place.clock.advance(30 * second);
    await other.keeper.runDue();
    expect(others).toEqual(['slow']);
    release.resolve();
    slow.stop();
    await running;
  });

  it('gives back what it holds when it is stopped, after a while of patience', async () => {
    const place = await openPlace();
    const finished = Promise.withResolvers<void>();
    const process = startProcess(place, async (subjectId, signal) => {
      if (subjectId === 'stands still') return new Promise(() => undefined);
      if (subjectId === 'ends by the signal')
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      await finished.promise;
      return place.clock.now() + minute;
    });
    for (const subject of ['ends by the signal', 'is finished', 'stands still'])
      await schedule(place, subject);
    const begun = process.sleeper.begun();
    const running = process.run();
    await begun;
    const patience = process.sleeper.begun();
    process.stop();
    expect(await patience).toBe(4 * second);
    finished.resolve();
    await expect.poll(async () => (await allWork(place))[1]?.due_at).toBe(place.clock.now() + minute);
    process.sleeper.wakeAll();
    await running;
    expect(await allWork(place)).toMatchObject([
      { subject_id: 'ends by the signal', due_at: place.clock.now(), claim_owner: null, claimed_until: 0 },
      { subject_id: 'is finished', due_at: place.clock.now() + minute, claim_owner: null },
      { subject_id: 'stands still', due_at: place.clock.now(), claim_owner: null, claimed_until: 0 },
    ]);
    expect(process.lines).toEqual([]);
  });

  it('goes on when the database comes back', async () => {
    const place = await openPlace();
    let isAway = true;
    const done: string[] = [];
    const store: Store = {
      ...place.store,
      get db() {
        if (isAway) throw new Error('the database is away');
        return place.store.db;
      },
    };
    const process = startProcess({ ...place, store }, async (subjectId) => {
      done.push(subjectId);
      return null;
    });
    await schedule(place, 'waiting');
    const slept = process.sleeper.begun();
    const running = process.run();
    await slept;
    expect(process.lines.join('')).toContain('the database is away');
    isAway = false;
    process.sleeper.wakeAll();
    await expect.poll(() => done).toEqual(['waiting']);
    process.stop();
    await running;
  });
});
