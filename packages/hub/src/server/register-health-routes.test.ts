import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';

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
