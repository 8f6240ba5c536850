import { rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubApp } from '../http/hub-app.ts';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { openRelay } from '../testing/open-relay.ts';
import { createTestDatabase, testEngines } from '../testing/test-database.ts';
import { createTestTimers, type TestTimers } from '../testing/test-timers.ts';
import { registerHealthRoutes } from './register-health-routes.ts';

/** Health alone, with timers that the test lets run out. */
function serveHealth(context: TestHub['context'], { startTimer }: TestTimers): HubApp {
  const app: HubApp = Fastify().withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler);
  onTestFinished(() => app.close());
  registerHealthRoutes(app, context, startTimer);
  return app;
}

describe.each(testEngines)('health on %s', (engine) => {
  it('is told to anybody', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    const lives = await hub.app.inject({ url: '/healthz' });
    const ready = await hub.app.inject({ url: '/readyz' });
    expect([lives.statusCode, lives.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'ok', vault: 'ok' } },
    ]);
  });

  it('ends with the database, while the process lives', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    await hub.context.store.close();
    const lives = await hub.app.inject({ url: '/healthz' });
    const ready = await hub.app.inject({ url: '/readyz' });
    expect(lives.statusCode).toBe(200);
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { status: 'not_ready', checks: { database: 'failing', vault: 'failing' } },
    ]);
    expect(hub.logLines.join('')).toContain('readiness check failed');
  });

  it('ends when the database is not the one that the keys are for', async () => {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    await hub.context.store.db.updateTable('vault_canaries').set({ sealed_canary: 'v1.x.AAAA' }).execute();
    const ready = await hub.app.inject({ url: '/readyz' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json().checks).toEqual({ database: 'ok', vault: 'failing' });
  });
});

describe('readiness', () => {
  it('leaves no timer behind', async () => {
    const timers = createTestTimers();
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const ended = timers.nextEnd(2_000);
    expect((await serveHealth(hub.context, timers).inject({ url: '/readyz' })).statusCode).toBe(200);
    await ended;
  });

  it('ends with the database file, and nothing is acknowledged that would be lost', async () => {
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    rmSync(path.join(hub.context.config.dataFolder, 'hub.sqlite'));
    const list = await hub.inject({ url: '/api/v1/connections' });
    const made = await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'lost' } });
    const ready = await hub.app.inject({ url: '/readyz' });
    expect([list.statusCode, made.statusCode, ready.statusCode]).toEqual([200, 503, 503]);
    expect(made.json()).toMatchObject({ code: 'store_unavailable' });
    expect(ready.json().checks).toEqual({ database: 'failing', vault: 'ok' });
    expect(hub.logLines.join('')).toContain('was deleted or replaced');
  });

  it('ends while another process holds the database, and comes back', async () => {
    const timers = createTestTimers();
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const app = serveHealth(hub.context, timers);
    const other = new DatabaseSync(path.join(hub.context.config.dataFolder, 'hub.sqlite'));
    onTestFinished(() => other.close());
    other.exec('begin immediate');
    const begun = timers.nextStart();
    const answer = app.inject({ url: '/readyz' });
    await begun;
    timers.pass(2_000);
    expect((await answer).statusCode).toBe(503);
    other.exec('commit');
    hub.clock.advance(1_000);
    expect((await app.inject({ url: '/readyz' })).statusCode).toBe(200);
  });

  it('is asked of the database once a second, whoever asks', async () => {
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const writtenAt = () => hub.context.store.db.selectFrom('write_probes').select('written_at').execute();
    const first = hub.clock.now();
    await hub.app.inject({ url: '/readyz' });
    hub.clock.advance(999);
    await hub.app.inject({ url: '/readyz' });
    expect(await writtenAt()).toEqual([{ written_at: first }]);
    hub.clock.advance(1);
    await hub.app.inject({ url: '/readyz' });
    expect(await writtenAt()).toEqual([{ written_at: first + 1_000 }]);
  });
});

describe('a PostgreSQL that goes away', () => {
  it('makes the hub not ready, alive, and ready again by itself', async () => {
    const relay = await openRelay(await createTestDatabase());
    onTestFinished(() => relay.close());
    const hub = await createTestHub({ config: { databaseUrl: relay.url } });
    onTestFinished(() => hub.close());
    const statuses = async () => {
      const ready = await hub.app.inject({ url: '/readyz' });
      const lives = await hub.app.inject({ url: '/healthz' });
      const other = await hub.inject({ url: '/api/v1/connections' });
      return [lives.statusCode, ready.statusCode, other.statusCode];
    };
    expect(await statuses()).toEqual([200, 200, 200]);
    await relay.cut();
    // What was proven counts for a second.
    hub.clock.advance(999);
    expect((await hub.app.inject({ url: '/readyz' })).statusCode).toBe(200);
    hub.clock.advance(1);
    // The key was checked a moment ago; it is the list that fails.
    expect(await statuses()).toEqual([200, 503, 503]);
    hub.clock.advance(1_000);
    expect(await statuses()).toEqual([200, 503, 503]);
    await relay.mend();
    hub.clock.advance(1_000);
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  it('without a word makes the hub not ready before anybody gives up', async () => {
    const timers = createTestTimers();
    const hub = await createTestHub();
    onTestFinished(() => hub.close());
    const { store } = hub.context;
    const givingUp = Promise.withResolvers<never>();
    const silent = store.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: () => givingUp.promise,
    });
    const app = serveHealth({ ...hub.context, store: { ...store, db: silent } }, timers);
    const bothBegun = timers.nextStart();
    const answer = app.inject({ url: '/readyz' });
    await bothBegun;
    timers.pass(2_000);
    expect((await answer).json()).toEqual({
      status: 'not_ready',
      checks: { database: 'failing', vault: 'failing' },
    });
    // The connection ends in the end: that is no further failure.
    givingUp.reject(new Error('The connection ended.'));
    await new Promise(setImmediate);
    expect(hub.logLines.filter((line) => line.includes('readiness check failed'))).toHaveLength(2);
    expect(hub.logLines.join('')).toContain('It took too long.');
  });
});
