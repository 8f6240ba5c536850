import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
  signIn,
} from '../connections/testing/create-connection-hub.ts';
import { createDatabaseNow } from '../store/database-now.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';
import { acquireLease, keepLease, releaseLease } from './refresh-lease.ts';
import { storeRefreshedTokenSet } from './store-token-set.ts';

const hour = 3_600_000;
const leaseMilliseconds = 6000;
const renewMilliseconds = 2000;
const longestWait = 30_000;

describe.each(testEngines)('the lease on refreshing on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const acquire = () => acquireLease(hub.context, connectionId);
  const answer = () => ({
    accessToken: hub.microsoft.accessToken(),
    refreshToken: 'late',
    expiresInSeconds: 3600,
  });
  const version = async () => (await readTokenState(hub.context, connectionId)).tokenSet.version;

  it('is given to one of many at once', async () => {
    const leases = await Promise.all(Array.from({ length: 10 }, acquire));
    expect(leases.filter((lease) => lease !== null)).toHaveLength(1);
  });

  it('ends by itself when its holder was killed, with a higher fencing number', async () => {
    const first = await acquire();
    hub.clock.advance(leaseMilliseconds - 1);
    expect(await acquire()).toBeNull();
    hub.clock.advance(1);
    expect((await acquire())?.fence).toBeGreaterThan(first?.fence ?? Number.NaN);
  });

  it('that was taken by a clock months ahead, which was set right since, is over', async () => {
    hub.clock.advance(90 * 24 * hour);
    await acquire();
    hub.clock.advance(-90 * 24 * hour);
    expect(await acquire()).not.toBeNull();
  });

  it('that was lost can’t end the next one, but what its holder was given is stored', async () => {
    const lost = await acquire();
    hub.clock.advance(leaseMilliseconds);
    const held = await acquire();
    if (!lost || !held) throw new Error('No lease was given.');
    await releaseLease(hub.context, connectionId, lost);
    expect(await acquire()).toBeNull();
    expect(await storeRefreshedTokenSet(hub.context, connectionId, answer(), lost)).not.toBeNull();
    expect(await acquire()).toBeNull();
    expect(await storeRefreshedTokenSet(hub.context, connectionId, answer(), held)).toBeNull();
    expect(await version()).toBe(held.version + 1);
  });

  it('is renewed again and again while it is kept, and ends when it is not', async () => {
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const held = await acquire();
    if (!held) throw new Error('No lease was given.');
    const kept = keepLease(context, connectionId, held);
    for (let renewals = 0; renewals < 5; renewals += 1) {
      hub.clock.advance(renewMilliseconds);
      const renewed = timers.nextStart();
      timers.pass(renewMilliseconds);
      await renewed;
      expect(await acquire()).toBeNull();
    }
    kept[Symbol.dispose]();
    hub.clock.advance(leaseMilliseconds);
    timers.pass(renewMilliseconds);
    expect(await acquire()).not.toBeNull();
  });

  it('is kept by a refresh for as long as its request takes', async () => {
    hub.clock.advance(2 * hour);
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const { outbound } = context;
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      outbound.request = request;
      for (let renewals = 0; renewals < 4; renewals += 1) {
        hub.clock.advance(renewMilliseconds);
        const renewed = timers.nextStart();
        timers.pass(renewMilliseconds);
        await renewed;
      }
      expect(await acquire()).toBeNull();
      return request(...words);
    };
    await getAccessToken(context, connectionId);
    expect(await acquire()).not.toBeNull();
  });

  it('is not taken back by renewing once another has it, or a sign-in has ended it', async () => {
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const renewOnce = async () => {
      const renewed = timers.nextStart();
      timers.pass(renewMilliseconds);
      await renewed;
    };
    const lost = await acquire();
    if (!lost) throw new Error('No lease was given.');
    using _kept = keepLease(context, connectionId, lost);
    hub.clock.advance(leaseMilliseconds);
    const held = await acquire();
    const stored = async () => (await readTokenState(hub.context, connectionId)).tokenSet;
    const { lease_until: until } = await stored();
    hub.clock.advance(1);
    await renewOnce();
    expect((await stored()).lease_until).toBe(until);
    if (!held) throw new Error('No lease was given.');
    using _alsoKept = keepLease(context, connectionId, held);
    await signIn(hub, connectionId);
    await renewOnce();
    expect((await stored()).lease_until).toBe(0);
  });

  it('is not taken back by a renewal that comes after its end', async () => {
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const held = await acquire();
    if (!held) throw new Error('No lease was given.');
    using _kept = keepLease(context, connectionId, held);
    await releaseLease(hub.context, connectionId, held);
    const renewed = timers.nextStart();
    timers.pass(renewMilliseconds);
    await renewed;
    expect(await acquire()).not.toBeNull();
  });

  it('outlives a renewal that came to nothing', async () => {
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const { databaseNow } = context;
    context.databaseNow = () => {
      context.databaseNow = databaseNow;
      throw new Error('The database is away.');
    };
    const held = await acquire();
    if (!held) throw new Error('No lease was given.');
    using _kept = keepLease(context, connectionId, held);
    for (let renewals = 0; renewals < 3; renewals += 1) {
      hub.clock.advance(renewMilliseconds);
      const renewed = timers.nextStart();
      timers.pass(renewMilliseconds);
      await renewed;
    }
    expect(await acquire()).toBeNull();
  });

  it('is lost to a sign-in, whose tokens stay', async () => {
    const lost = await acquire();
    await signIn(hub, connectionId);
    const signedIn = await readTokenState(hub.context, connectionId);
    if (!lost) throw new Error('No lease was given.');
    expect(await storeRefreshedTokenSet(hub.context, connectionId, answer(), lost)).toBeNull();
    expect((await readTokenState(hub.context, connectionId)).tokenSet).toEqual(signedIn.tokenSet);
  });

  it('of a killed process is waited for while there is no living token', async () => {
    hub.clock.advance(2 * hour);
    await acquire();
    const waiting = await createConnectionHub({
      engine,
      beside: hub,
      clock: hub.clock,
      sleep: async (milliseconds) => hub.clock.advance(milliseconds),
    });
    const token = await getAccessToken(waiting.context, connectionId);
    await waiting.close();
    expect(token.expiresAt).toBeGreaterThan(hub.clock.now());
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('that has ended is left for a moment to its holder, who may only now be able to store what it was given', async () => {
    hub.clock.advance(2 * hour);
    const held = await acquire();
    if (!held) throw new Error('No lease was given.');
    hub.clock.advance(leaseMilliseconds);
    let waited = 0;
    const waiting = await createConnectionHub({
      engine,
      beside: hub,
      clock: hub.clock,
      sleep: async (milliseconds) => {
        waited += milliseconds;
        if (waited > 900) await storeRefreshedTokenSet(hub.context, connectionId, answer(), held);
      },
    });
    const token = await getAccessToken(waiting.context, connectionId);
    await waiting.close();
    expect(token.version).toBe(held.version + 1);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('is kept until what came is stored, however long the database is away', async () => {
    hub.clock.advance(2 * hour);
    const timers = createTestTimers();
    const context = { ...hub.context, startTimer: timers.startTimer };
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    let renewals = 0;
    const { vault } = context;
    context.vault = {
      ...vault,
      seal: (...words) => {
        if (renewals < 4) throw away;
        return vault.seal(...words);
      },
    };
    context.sleep = async () => {
      renewals += 1;
      hub.clock.advance(renewMilliseconds);
      const renewed = timers.nextStart();
      timers.pass(renewMilliseconds);
      await renewed;
      expect(await acquire()).toBeNull();
    };
    await getAccessToken(context, connectionId);
    expect(renewals).toBe(4);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });

  it('of one connection is none of another', async () => {
    const { id } = await makeManualConnection(hub);
    const held = await acquire();
    expect(await acquireLease(hub.context, id)).not.toBeNull();
    if (!held) throw new Error('No lease was given.');
    await releaseLease(hub.context, connectionId, held);
    expect(await acquireLease(hub.context, id)).toBeNull();
    expect(await acquire()).not.toBeNull();
  });

  it('is waited for in ever longer steps, and not for ever when it is taken again and again', async () => {
    hub.clock.advance(2 * hour);
    await acquire();
    const waits: number[] = [];
    const waiting = await createConnectionHub({
      engine,
      beside: hub,
      clock: hub.clock,
      sleep: async (milliseconds) => {
        waits.push(milliseconds);
        hub.clock.advance(milliseconds);
        await hub.context.store.db
          .updateTable('token_sets')
          .set({ lease_until: hub.clock.now() + leaseMilliseconds })
          .execute();
      },
    });
    const token = (async () => getAccessToken(waiting.context, connectionId))();
    await expect(token).rejects.toMatchObject({
      code: 'token_endpoint_unavailable',
      message: 'Another process is still refreshing the tokens.',
    });
    await waiting.close();
    expect(waits.slice(0, 7)).toEqual([20, 40, 80, 160, 320, 500, 500]);
    const waited = waits.reduce((sum, wait) => sum + wait, 0);
    expect(waited).toBeGreaterThan(longestWait);
    expect(waited).toBeLessThan(longestWait + 2 * 500);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('is waited for no longer once its holder’s tokens are there, and they are the answer', async () => {
    hub.clock.advance(2 * hour);
    const held = await acquire();
    if (!held) throw new Error('No lease was given.');
    let waits = 0;
    const waiting = await createConnectionHub({
      engine,
      beside: hub,
      clock: hub.clock,
      sleep: async () => {
        waits += 1;
        if (waits === 2) await storeRefreshedTokenSet(hub.context, connectionId, answer(), held);
      },
    });
    const token = await getAccessToken(waiting.context, connectionId);
    await waiting.close();
    expect(waits).toBe(2);
    expect(token.version).toBe(held.version + 1);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });

  it('of another process keeps nobody waiting who has a living token', async () => {
    const before = await getAccessToken(hub.context, connectionId);
    hub.clock.advance(0.95 * hour);
    await acquire();
    expect((await getAccessToken(hub.context, connectionId)).accessToken).toBe(before.accessToken);
    expect(hub.microsoft.tokenRequests()).toHaveLength(0);
  });
});

it('goes by the database’s time where hubs’ clocks differ by minutes', async () => {
  const ahead = createTestClock(Date.now() + 2 * 60_000);
  const behind = createTestClock(Date.now() - 2 * 60_000);
  const timed = (clock: typeof behind) => ({ clock, databaseNow: createDatabaseNow('postgres', clock) });
  const hub = await createConnectionHub({ engine: 'postgres', ...timed(behind) });
  const other = await createConnectionHub({ engine: 'postgres', beside: hub, ...timed(ahead) });
  const { id } = await makeManualConnection(hub);
  const held = await acquireLease(hub.context, id);
  expect(await acquireLease(other.context, id)).toBeNull();
  if (!held) throw new Error('No lease was given.');
  await releaseLease(hub.context, id, held);
  expect(await acquireLease(other.context, id)).not.toBeNull();
  expect(await acquireLease(hub.context, id)).toBeNull();
  await other.close();
  await hub.close();
});
