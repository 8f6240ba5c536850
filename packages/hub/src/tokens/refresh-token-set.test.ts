import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { clockNow } from '../store/database-now.ts';
import { countQueries } from '../testing/count-queries.ts';
import { createTestClock } from '../testing/test-clock.ts';
import { testEngines } from '../testing/test-database.ts';
import { getAccessToken } from './get-access-token.ts';
import { readTokenState } from './read-token-state.ts';
import { refreshTokenSet } from './refresh-token-set.ts';

describe.each(testEngines)('refreshTokenSet on %s', (engine) => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub({ engine });
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const read = () => readTokenState(hub.context, connectionId);

  it('has stored the rotated refresh token before anyone sees the access token', async () => {
    const seen = await read();
    const refreshed = await refreshTokenSet(hub.context, seen, 'forced');
    expect((await read()).tokenSet).toEqual(refreshed.tokenSet);
    expect(refreshed.tokenSet.sealed_refresh_token).not.toBe(seen.tokenSet.sealed_refresh_token);
  });

  it('takes one statement for the lease, and reads the connection once, in the transaction that stores', async () => {
    await refreshTokenSet(hub.context, await read(), 'forced');
    const seen = await read();
    const queries = countQueries(hub.context.store);
    await refreshTokenSet(hub.context, seen, 'forced');
    // The lease; then the tokens, the connection, the event, and when the keeper looks at it next.
    expect(queries()).toBe(5);
  });

  it.each(['due', 'rejected', 'forced'] as const)(
    'takes tokens that came between the reading and the lease (%s)',
    async (trigger) => {
      const old = await read();
      hub.clock.advance(7_200_000);
      const newer = await refreshTokenSet(hub.context, old, 'forced');
      expect((await refreshTokenSet(hub.context, old, trigger)).tokenSet.version).toBe(
        newer.tokenSet.version,
      );
      expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    },
  );

  it('keeps nobody with a living token waiting for a refresh under way', async () => {
    const seen = await read();
    const underWay = refreshTokenSet(hub.context, seen, 'forced');
    expect(await refreshTokenSet(hub.context, seen, 'due')).toBe(seen);
    await underWay;
  });

  it('gives the lease back when the request fails', async () => {
    hub.microsoft.entra.fail('/token', { status: 503 });
    await expect(refreshTokenSet(hub.context, await read(), 'forced')).rejects.toMatchObject({
      code: 'token_endpoint_unavailable',
    });
    expect((await read()).tokenSet).toMatchObject({ lease_owner: null, lease_until: 0 });
  });

  it('is waited for when the hub closes, and its tokens are stored', async () => {
    const other = await createConnectionHub({ engine, beside: hub, clock: hub.clock });
    const { outbound } = other.context;
    const request = outbound.request.bind(outbound);
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    outbound.request = async (...words) => {
      asked.resolve();
      await answered.promise;
      return request(...words);
    };
    const before = await read();
    const refreshed = refreshTokenSet(other.context, before, 'forced');
    await asked.promise;
    const closed = other.close();
    answered.resolve();
    await closed;
    await refreshed;
    expect((await read()).tokenSet.version).toBe(before.tokenSet.version + 1);
  });

  it('keeps the tokens while the database is away, and stores them once it is back', async () => {
    const { store } = hub.context;
    const { db } = store;
    const before = await read();
    let refusals = 0;
    const away = () => {
      refusals += 1;
      if (refusals === 5) store.db = db;
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    };
    const { outbound } = hub.context;
    const request = outbound.request.bind(outbound);
    outbound.request = async (...words) => {
      const answer = await request(...words);
      store.db = new Proxy(db, { get: away });
      return answer;
    };
    const refreshed = await refreshTokenSet(hub.context, before, 'forced');
    expect(refusals).toBe(5);
    expect(refreshed.tokenSet.version).toBe(before.tokenSet.version + 1);
    expect(hub.microsoft.tokenRequests()).toHaveLength(1);
  });
});

describe.each(testEngines)('callers at processes whose clocks are minutes apart, on %s', (engine) => {
  const hour = 3_600_000;

  async function openTwo() {
    const hub = await createConnectionHub({ engine });
    const { id } = await makeManualConnection(hub);
    hub.clock.advance(2 * hour);
    const ahead = createTestClock(hub.clock.now() + 4 * 60_000);
    const other = await createConnectionHub({
      engine,
      beside: hub,
      clock: ahead,
      databaseNow: () => clockNow(hub.clock),
    });
    onTestFinished(async () => {
      await other.close();
      await hub.close();
    });
    return { hub, other, id };
  }

  it.each(['ahead', 'behind'])(
    'share a failure, whoever meets it first (the one who waits is %s)',
    async (which) => {
      const { hub, other, id } = await openTwo();
      const [first, second] = which === 'ahead' ? [hub, other] : [other, hub];
      const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      hub.microsoft.entra.fail('/token', async () => {
        begun.resolve();
        await released.promise;
        return { status: 503 };
      });
      const get = async (at: ConnectionHub) => getAccessToken(at.context, id);
      const asked = [get(first)];
      await begun.promise;
      asked.push(get(second));
      while (second.context.tokenMemory.refreshesUnderWay.size === 0) await new Promise(setImmediate);
      released.resolve();
      const outcomes = await Promise.allSettled(asked);
      expect(outcomes).toMatchObject([
        { reason: { code: 'token_endpoint_unavailable' } },
        { reason: { code: 'token_endpoint_unavailable' } },
      ]);
      expect(hub.microsoft.tokenRequests()).toHaveLength(1);
    },
  );
});
