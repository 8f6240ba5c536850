import { beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../ground/random.ts';
import { clockNow } from '../store/database-now.ts';
import { makeStorePlace, openTestStore } from '../testing/open-test-store.ts';
import { createTestClock, type TestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { type CallLeases, createCallLeases, leaseMilliseconds } from './call-leases.ts';

const user = 'alice';

describe.each(testEngines)('leases of calls on %s', (engine) => {
  let clock: TestClock;
  let one: CallLeases;
  let two: CallLeases;
  beforeEach(async () => {
    clock = createTestClock();
    const store = await openTestStore(await makeStorePlace(engine));
    const context = { store, random: systemRandom, databaseNow: () => clockNow(clock) };
    [one, two] = [createCallLeases(context), createCallLeases(context)];
  });

  it('go to one of two who draw the same', async () => {
    const drawn = await Promise.all([one.take(user, [1, 2]), two.take(user, [2, 3])]);
    expect(drawn.flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  it('go to another when they have ended, and are not given back by whoever had them', async () => {
    expect(await one.take(user, [1])).toEqual([1]);
    clock.advance(leaseMilliseconds - 1);
    expect(await two.take(user, [1])).toEqual([]);
    clock.advance(1);
    expect(await two.take(user, [1])).toEqual([1]);
    await one.giveBack(user, [1]);
    expect(await two.read(user)).toMatchObject([{ number: 1, isMine: true }]);
    await two.giveBack(user, [1]);
    expect(await two.read(user)).toEqual([]);
  });

  it('are wanted of others, not of oneself, for a while', async () => {
    await one.take(user, [1]);
    await two.take(user, [2]);
    await two.want(user, [1, 2]);
    expect(await one.renew()).toEqual([{ user, number: 1, isWanted: true }]);
    expect(await two.renew()).toEqual([{ user, number: 2, isWanted: false }]);
    clock.advance(5000);
    expect(await one.renew()).toEqual([{ user, number: 1, isWanted: false }]);
  });

  it('are each user’s own', async () => {
    await one.take(user, [1]);
    expect(await two.take('bob', [1])).toEqual([1]);
    await two.giveBack(user, [1]);
    await two.want('bob', [1]);
    expect(await one.renew()).toEqual([{ user, number: 1, isWanted: false }]);
  });

  it('count the processes that were there within a lease', async () => {
    expect(await one.renewPresence()).toBe(1);
    expect(await two.renewPresence()).toBe(2);
    clock.advance(leaseMilliseconds);
    expect(await one.renewPresence()).toBe(1);
    await two.leave();
    expect(await one.renewPresence()).toBe(1);
  });
});
