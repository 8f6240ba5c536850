import { beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../ground/random.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { storeConnections, storedConnectionId } from '../testing/store-connections.ts';
import { createTestClock, type TestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { clockNow } from './database-now.ts';
import { isLeased, keepRenewing, noLease, takeLease, waitUnderWorkLease } from './lease.ts';
import type { Store } from './store.ts';

const second = 1000;
const minute = 60 * second;
const day = 24 * 60 * minute;
const milliseconds = 6 * second;
const leased = { table: 'token_sets', key: 'connection_id', fence: 'lease_fence', milliseconds } as const;
const id = storedConnectionId(1);

describe.each(testEngines)('a lease on %s', (engine) => {
  let store: Store;
  let databaseClock: TestClock;
  beforeEach(async () => {
    store = await openTestStore(await makeStorePlace(engine));
    databaseClock = createTestClock();
    await storeConnections(store, { count: 2, now: databaseClock.now() });
  });

  const context = () => ({ store, random: systemRandom, databaseNow: () => clockNow(databaseClock) });
  const take = (subject = id) => takeLease(context(), leased, subject);

  it('is had by one of many who take it at once, each row for itself', async () => {
    const rows = await Promise.all(Array.from({ length: 10 }, () => take()));
    expect(rows.filter((row) => row !== undefined)).toHaveLength(1);
    expect(await take(storedConnectionId(2))).toMatchObject({ connection_id: storedConnectionId(2) });
    expect(await take('unknown')).toBeUndefined();
  });

  it('brings the whole row, with an owner of its own and a fencing number that grows', async () => {
    const first = await take();
    databaseClock.advance(milliseconds);
    const next = await take();
    expect(first).toMatchObject({ connection_id: id, lease_fence: 1, sealed_access_token: 'sealed' });
    expect(next).toMatchObject({ lease_fence: 2, lease_until: databaseClock.now() + milliseconds });
    expect(next?.lease_owner).not.toBe(first?.lease_owner);
  });

  it('lasts until its end, and no longer', async () => {
    expect(await isLeased(context(), leased, id)).toBe(false);
    await take();
    databaseClock.advance(milliseconds - 1);
    expect([await isLeased(context(), leased, id), await take()]).toEqual([true, undefined]);
    databaseClock.advance(1);
    expect(await isLeased(context(), leased, id)).toBe(false);
    expect(await take()).toBeDefined();
  });

  it('can be taken at once when it was given back', async () => {
    await take();
    await store.db.updateTable('token_sets').set(noLease).where('connection_id', '=', id).execute();
    expect(await take()).toMatchObject({ lease_fence: 2 });
  });

  it('that was given by a clock months ahead, which was set right since, is over', async () => {
    databaseClock.advance(90 * day);
    await take();
    databaseClock.advance(-90 * day);
    expect(await isLeased(context(), leased, id)).toBe(false);
    expect(await take()).toBeDefined();
  });

  it('is not lost to a clock that goes back by minutes, as another server’s may', async () => {
    await take();
    databaseClock.advance(-9 * minute);
    expect([await isLeased(context(), leased, id), await take()]).toEqual([true, undefined]);
  });
});

describe('a lease that is kept', () => {
  it('is renewed again and again, though a renewal came to nothing, until it is let go', async () => {
    const timers = createTestTimers();
    const failures: unknown[] = [];
    let renewals = 0;
    const kept = keepRenewing(
      timers,
      second,
      async () => {
        renewals += 1;
        if (renewals === 2) throw new Error('away');
      },
      (error) => failures.push(error),
    );
    for (let round = 1; round <= 3; round += 1) {
      const next = timers.nextStart();
      timers.pass(second);
      await next;
      expect(renewals).toBe(round);
    }
    expect(failures).toEqual([new Error('away')]);
    kept[Symbol.dispose]();
    timers.pass(second);
    expect(renewals).toBe(3);
  });

  it('begins no further renewal when it is let go while one is under way', async () => {
    const timers = createTestTimers();
    const renewal = Promise.withResolvers<void>();
    const kept = keepRenewing(
      timers,
      second,
      () => renewal.promise,
      () => undefined,
    );
    timers.pass(second);
    kept[Symbol.dispose]();
    let started = false;
    void timers.nextStart().then(() => (started = true));
    renewal.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started).toBe(false);
  });

  it('is renewed every ten seconds of a wait, and at its end', async () => {
    const steps: (number | 'renewed')[] = [];
    const sleep = (wait: number) => Promise.resolve(void steps.push(wait));
    const { signal } = new AbortController();
    await waitUnderWorkLease(sleep, 25 * second, signal, async () => void steps.push('renewed'));
    expect(steps).toEqual([10_000, 'renewed', 10_000, 'renewed', 5000, 'renewed']);
  });
});
