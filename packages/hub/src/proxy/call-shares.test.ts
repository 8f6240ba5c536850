import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BackgroundWork, createBackgroundWork } from '../ground/background-work.ts';
import { systemRandom } from '../ground/random.ts';
import { clockNow } from '../store/database-now.ts';
import type { Store } from '../store/store.ts';
import { makeStorePlace, openTestStore, type StorePlace } from '../testing/open-test-store.ts';
import { createTestClock, type TestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { type CallShares, createCallShares, ownCalls } from './call-shares.ts';
import { createCallLimit } from './limit-concurrent-calls.ts';

const limitOfAll = 52;
const long = 3_600_000;
const months = 90 * 24 * 3_600_000;
/** Between two renewals. */
const renewal = 2000;
const askAgain = 250;

it.each([
  [1, 52],
  [2, 4],
  [3, 4],
  [4, 3],
  [6, 2],
  [13, 1],
  [14, 0],
])('leaves each of %i processes %i calls of its own', (processes, calls) => {
  expect(ownCalls(processes, limitOfAll)).toBe(calls);
});

interface HubProcess {
  store: Store;
  shares: CallShares;
  background: BackgroundWork;
  running(): number;
  waiting(): number;
  /** So many calls come. */
  call(count: number): Promise<void>;
  /** So many calls end. */
  end(count: number): Promise<void>;
  /** Does its part of the time that has passed for all. */
  live(milliseconds: number): Promise<void>;
}

describe.each(testEngines)('calls at once over processes on %s', (engine) => {
  let place: StorePlace;
  let clock: TestClock;
  let all: HubProcess[];
  beforeEach(async () => {
    place = await makeStorePlace(engine);
    clock = createTestClock();
    all = [];
  });

  /** A hub process as far as it counts calls. */
  async function startProcess(user = 'alice'): Promise<HubProcess> {
    const store = await openTestStore(place);
    const timers = createTestTimers();
    const log = pino({ level: 'silent' });
    const background = createBackgroundWork(log);
    const shares = createCallShares(
      {
        store,
        clock,
        random: systemRandom,
        databaseNow: () => clockNow(clock),
        startTimer: timers.startTimer,
        log,
        background,
      },
      limitOfAll,
      { usageOf: (key) => limit.usageOf(key), users: () => limit.users(), admit: (key) => limit.admit(key) },
    );
    const limit = createCallLimit({ startTimer: createTestTimers().startTimer }, shares);
    const hub: HubProcess = {
      store,
      shares,
      background,
      running: () => limit.usageOf(user)?.running ?? 0,
      waiting: () => limit.usageOf(user)?.waiting ?? 0,
      async call(count: number) {
        for (let call = 0; call < count; call += 1) {
          const response = new ServerResponse(new IncomingMessage(new Socket()));
          void limit.enter({ user, connectionId: 'c', patienceMilliseconds: long, response });
        }
        await background.idle();
      },
      async end(count: number) {
        for (let call = 0; call < count; call += 1) limit.leave(user, 'c');
        await background.idle();
      },
      async live(milliseconds: number) {
        timers.pass(milliseconds);
        await background.idle();
      },
    };
    all.push(hub);
    return hub;
  }

  async function pass(milliseconds: number, hubs = all): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += askAgain) {
      clock.advance(askAgain);
      for (const hub of hubs) await hub.live(askAgain);
    }
  }

  /** Two processes that know of each other. */
  async function startTwo(): Promise<[HubProcess, HubProcess]> {
    const two: [HubProcess, HubProcess] = [await startProcess(), await startProcess()];
    for (const hub of two) {
      await hub.call(1);
      await hub.end(1);
    }
    await pass(2 * renewal);
    return two;
  }

  const together = () => all.reduce((sum, hub) => sum + hub.running(), 0);
  const rows = () => all[0]?.store.db.selectFrom('call_leases').selectAll().execute();

  it('gives a process that is alone all of them, without a lease', async () => {
    const hub = await startProcess();
    await hub.call(60);
    expect([hub.running(), hub.waiting()]).toEqual([52, 8]);
    await pass(renewal);
    expect(await rows()).toEqual([]);
  });

  it('gives one of two as many as the other does not keep for itself, and both together all', async () => {
    const [one, two] = await startTwo();
    await one.call(60);
    expect(one.running()).toBe(48);
    await two.call(4);
    expect(two.running()).toBe(4);
    await pass(2 * renewal);
    expect(together()).toBe(52);
  });

  it('never runs more than the limit, however many come at two at once', async () => {
    const [one, two] = await startTwo();
    await Promise.all([one.call(60), two.call(60)]);
    expect(together()).toBeLessThanOrEqual(52);
    for (let round = 0; round < 10; round += 1) {
      await pass(askAgain);
      expect(together()).toBeLessThanOrEqual(52);
      await Promise.all([one.end(3), two.end(3)]);
      await Promise.all([one.call(3), two.call(3)]);
      expect(together()).toBeLessThanOrEqual(52);
    }
    await pass(renewal);
    expect(together()).toBe(52);
  });

  it('makes one that has more hand over to one that has less, as its calls end', async () => {
    const [one, two] = await startTwo();
    await one.call(200);
    await two.call(30);
    expect([one.running(), two.running()]).toEqual([48, 4]);
    await pass(renewal);
    // What runs, runs on; what ends is not begun anew until the other has its part.
    await one.end(10);
    await pass(askAgain);
    expect(two.running()).toBe(14);
    await one.end(12);
    await pass(askAgain);
    expect([one.running(), two.running()]).toEqual([26, 26]);
    await one.end(4);
    expect([one.running(), two.running()]).toEqual([26, 26]);
  });

  it('gives back what was not needed for a while', async () => {
    const [one, two] = await startTwo();
    await one.call(30);
    expect(await rows()).toHaveLength(26);
    await one.end(25);
    await pass(2 * renewal);
    expect(await rows()).toHaveLength(1);
    await two.call(60);
    await pass(2 * renewal);
    expect([one.running(), two.running()]).toEqual([5, 47]);
  });

  it('has the calls of a killed process back in seconds', async () => {
    const [one, two] = await startTwo();
    await one.call(60);
    await two.call(60);
    expect(two.running()).toBe(4);
    await pass(8000, [two]);
    expect(two.running()).toBe(52);
  });

  it('begins no call after a pause until it knows what is left of its leases', async () => {
    const [one, two] = await startTwo();
    await one.call(30);
    await two.call(60);
    const before = two.running();
    await pass(8000, [two]);
    expect(two.running()).toBeGreaterThan(before);
    // Its calls under way go on, and some end.
    await one.background.idle();
    expect(one.shares.capacity('alice')).toBe(0);
    await one.end(30);
    await one.call(10);
    expect(one.running()).toBeLessThanOrEqual(4);
  });

  it('counts each user of an environment apart', async () => {
    const [one] = await startTwo();
    const bobs = await startProcess('bob');
    await bobs.call(1);
    await pass(2 * renewal);
    await one.call(60);
    await bobs.call(60);
    await pass(renewal);
    expect([one.running(), bobs.running()]).toEqual([44, 44]);
  });

  it('lets a new process lease nothing until the others have noticed it', async () => {
    const one = await startProcess();
    await one.call(60);
    await pass(renewal);
    const two = await startProcess();
    await two.call(60);
    expect([one.running(), two.running()]).toEqual([52, 4]);
    await pass(renewal);
    await one.end(30);
    await pass(askAgain);
    expect(one.running() + two.running()).toBeLessThanOrEqual(52);
  });

  it('gives back, as its calls end, what was leased when there were fewer processes', async () => {
    const [one] = await startTwo();
    await one.call(48);
    expect(await rows()).toHaveLength(44);
    for (const further of [await startProcess('bob'), await startProcess('carol')]) await further.call(1);
    await pass(2 * renewal);
    await one.end(12);
    await pass(renewal);
    // Of four processes each has three of its own, which leaves forty.
    expect((await rows())?.filter(({ number }) => number >= 40)).toEqual([]);
  });

  it('renews no lease that had ended, though nobody else has taken it', async () => {
    const [one, two] = await startTwo();
    await one.call(30);
    await pass(8000, [two]);
    await one.end(30);
    await one.call(10);
    expect(one.running()).toBeLessThanOrEqual(4);
  });

  it('returns a lease whose giving back failed halfway', async () => {
    const [one] = await startTwo();
    await one.call(5);
    const [row] = (await rows()) ?? [];
    if (!row) throw new Error('Nothing was leased.');
    await one.store.db
      .insertInto('call_leases')
      .values({ ...row, number: (row.number + 1) % 44 })
      .execute();
    await pass(renewal);
    expect(await rows()).toHaveLength(1);
  });

  it('returns a lease of a user whom nobody asks for any more, but not what is just being taken', async () => {
    const [one, two] = await startTwo();
    await one.call(5);
    const [row] = (await rows()) ?? [];
    if (!row) throw new Error('Nothing was leased.');
    const users = async () => (await rows())?.map(({ user_key: user }) => user);
    await one.store.db
      .insertInto('call_leases')
      .values({ ...row, user_key: 'nobody' })
      .execute();
    expect(await users()).toEqual(['alice', 'nobody']);
    // Another’s renewal has nothing to do with it.
    await pass(renewal, [two]);
    expect(await users()).toEqual(['alice', 'nobody']);
    await pass(renewal, [one]);
    expect(await users()).toEqual(['alice']);
    expect(one.running()).toBe(5);
  });

  it('shares out as before when the clock was months ahead for a while and is right again', async () => {
    const [one, two] = await startTwo();
    clock.advance(months);
    for (const hub of [one, two]) await hub.call(60);
    await pass(2 * renewal);
    clock.advance(-months);
    for (const hub of [one, two]) while (hub.running() > 0) await hub.end(hub.running());
    await pass(2 * renewal);
    await Promise.all([one.call(60), two.call(60)]);
    await pass(2 * renewal);
    expect(together()).toBe(52);
    // What another wanted then is wanted no more.
    await two.end(two.running());
    while (two.running() > 0) await two.end(two.running());
    await pass(3 * renewal);
    expect(one.running()).toBe(48);
  });

  it('gives nothing to a process for which the clock was set back until it knows what is left', async () => {
    const [one] = await startTwo();
    await one.call(30);
    clock.advance(-months);
    expect(one.shares.capacity('alice')).toBe(0);
    await pass(renewal);
    expect(one.shares.capacity('alice')).toBeGreaterThanOrEqual(4);
  });

  it('removes what processes left behind long ago', async () => {
    const gone = await startProcess();
    await gone.store.db.insertInto('call_processes').values({ id: 'gone', leased_until: 0 }).execute();
    await gone.store.db
      .insertInto('call_leases')
      .values({ user_key: 'u', number: 1, owner: 'gone', leased_until: 0, wanted_until: 0 })
      .execute();
    await gone.call(1);
    expect(await rows()).toEqual([]);
    expect(await gone.store.db.selectFrom('call_processes').selectAll().execute()).toHaveLength(1);
  });

  it('leaves after a minute without a call, and begins anew with the next one', async () => {
    const [one, two] = await startTwo();
    const present = () => one.store.db.selectFrom('call_processes').selectAll().execute();
    for (let minutes = 0; minutes < 2; minutes += 1) {
      await pass(40_000);
      expect(await present()).toHaveLength(2);
      await one.call(1);
      await one.end(1);
      await two.call(1);
      await two.end(1);
    }
    await two.call(5);
    await pass(66_000);
    expect(await present()).toHaveLength(1);
    expect(two.running()).toBe(5);
    await one.call(1);
    expect(await present()).toHaveLength(2);
  });

  it('leaves nothing behind when it closes', async () => {
    const [one, two] = await startTwo();
    await one.call(60);
    await one.shares.close();
    expect(await rows()).toEqual([]);
    await pass(renewal, [two]);
    await two.call(60);
    expect(two.running()).toBe(52);
  });
});
