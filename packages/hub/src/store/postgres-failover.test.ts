import { expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { openRelay } from '../testing/open-relay.ts';
import { startPostgresPair } from '../testing/start-postgres-pair.ts';
import { isStoreUnavailable } from './is-store-unavailable.ts';

/** What a silent connection is given, and a little for the promotion. */
const withinMilliseconds = 25_000;

it('a hub goes on within seconds when the primary falls silent and its standby is promoted, and has lost nothing', async () => {
  const pair = await startPostgresPair();
  onTestFinished(() => pair.stop());
  // As a name or a virtual address that is led to another server.
  const relay = await openRelay(pair.primary.url);
  onTestFinished(() => relay.close());
  const hub = await createTestHub({ config: { databaseUrl: relay.url } });
  onTestFinished(() => hub.close());
  const acknowledged: string[] = [];
  const write = async () => {
    const answer = await hub.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      payload: { name: 'written' },
    });
    if (answer.statusCode === 201) acknowledged.push(answer.json().id);
    return answer.statusCode;
  };
  for (let count = 0; count < 20; count += 1) expect(await write()).toBe(201);

  relay.hush();
  // Until it is promoted, the standby takes no changes: that, too, is what passes.
  await relay.mend(pair.standby.url);
  const beganAt = performance.now();
  expect(await Promise.all([write(), write(), write()])).toEqual([503, 503, 503]);
  const refused = hub.context.store.db.deleteFrom('sessions').execute();
  expect(await refused.catch(isStoreUnavailable)).toBe(true);
  hub.clock.advance(60_000);
  expect((await hub.app.inject({ url: '/readyz' })).statusCode).toBe(503);

  await pair.promote();
  hub.clock.advance(60_000);
  await expect.poll(write, { timeout: withinMilliseconds }).toBe(201);
  expect(performance.now() - beganAt).toBeLessThan(withinMilliseconds);
  hub.clock.advance(60_000);
  expect((await hub.app.inject({ url: '/readyz' })).statusCode).toBe(200);
  const rows = await hub.context.store.db.selectFrom('api_keys').select('id').execute();
  const there = rows.map((row) => row.id);
  expect(acknowledged.filter((id) => !there.includes(id))).toEqual([]);
});
