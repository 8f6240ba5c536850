import { once } from 'node:events';
import { createServer } from 'node:http';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeConnection,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { scheduleWork } from '../due-work/schedule-work.ts';
import { type CountedMetrics, createMetrics } from '../telemetry/create-metrics.ts';
import { type MetricsServer, serveMetrics } from './serve-metrics.ts';

let hub: ConnectionHub;
let server: MetricsServer;

beforeEach(async () => {
  let metrics: CountedMetrics | undefined;
  hub = await createConnectionHub({
    metrics: (context) => {
      metrics = createMetrics(context);
      return metrics;
    },
  });
  if (!metrics) throw new Error('The hub counts nothing.');
  server = await serveMetrics({ host: '127.0.0.1', port: 0 }, metrics);
});
afterEach(async () => {
  await server.close();
  await hub.close();
});

const ask = async (path = '/metrics', method = 'GET') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { method });

/** @returns the value behind a name with its labels */
async function read(name: string): Promise<number | undefined> {
  const text = await (await ask()).text();
  const line = text.split('\n').find((found) => found.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

describe('metrics', () => {
  it('are on a port of their own, and nowhere on the hub’s', async () => {
    const answer = await ask();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answer.text()).toContain('process_cpu_seconds_total');
    expect((await hub.inject({ url: '/metrics' })).statusCode).toBe(404);
    expect((await ask('/')).status).toBe(404);
    expect((await ask('/metrics', 'POST')).status).toBe(404);
  });

  it('count refreshes by outcome', async () => {
    const { id } = await makeManualConnection(hub);
    const refresh = () => hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
    await refresh();
    hub.microsoft.entra.fail('/token', { status: 503 });
    hub.clock.advance(60_000);
    await refresh();
    expect(await read('latchkey_refreshes_total{outcome="ok"}')).toBe(1);
    expect(await read('latchkey_refreshes_total{outcome="token_endpoint_unavailable"}')).toBe(1);
    expect(await read('latchkey_refresh_duration_seconds_count')).toBe(2);
  });

  it('count proxied calls by the status that the caller got', async () => {
    const { id } = await makeManualConnection(hub);
    await hub.inject({ url: `/api/v1/connections/${id}/proxy/api/data/v9.2/WhoAmI` });
    await hub.inject({ url: '/api/v1/connections/nobody/proxy/api/data/v9.2/WhoAmI' });
    expect(await read('latchkey_proxy_call_duration_seconds_count{status="200"}')).toBe(1);
    expect(await read('latchkey_proxy_call_duration_seconds_count{status="404"}')).toBe(1);
  });

  it('tell connections by state, work and the age of tokens, as they were at most half a minute ago', async () => {
    await makeManualConnection(hub);
    await makeConnection(hub, { method: 'sign_in' });
    const { store } = hub.context;
    await store.db.deleteFrom('due_work').execute();
    const dueAt = hub.clock.now();
    for (const [subjectId, later] of [
      ['a', -90_000],
      ['b', 0],
      ['c', 60_000],
    ] as const) {
      await scheduleWork(store.db, { kind: 'test', subjectId, dueAt: dueAt + later });
    }
    expect(await read('latchkey_connections{state="ready"}')).toBe(1);
    expect(await read('latchkey_due_work')).toBe(2);
    expect(await read('latchkey_due_work_within_hour')).toBe(3);
    expect(await read('latchkey_due_work_overdue_seconds')).toBe(90);
    expect(await read('latchkey_token_age_seconds{quantile="1"}')).toBe(0);
    await store.db.deleteFrom('due_work').execute();
    hub.clock.advance(29_999);
    expect(await read('latchkey_due_work')).toBe(2);
    hub.clock.advance(1);
    expect(await read('latchkey_due_work')).toBe(0);
    expect(await read('latchkey_token_age_seconds{quantile="1"}')).toBe(30);
    expect(await read('latchkey_store_up')).toBe(1);
  });

  it('tell no more of a state that no connection has, and of a registration that is gone', async () => {
    const { id } = await makeManualConnection(hub);
    const { db } = hub.context.store;
    await sql`
      insert into registrations (id, kind, name, state, sign_in_audience, redirect_uri, authority_tenant,
        admin_consent_granted, secret_lifetime_days, administrator_sign_in, steps, version, lease_until,
        created_at, updated_at, client_secret_ends_at)
      values ('r1', 'created', 'x', 'ready', 'AzureADMyOrg', 'x', 'x', 0, 1, 'browser', '[]', 1, 0, 1, 1,
        ${hub.clock.now() + 86_400_000})
    `.execute(db);
    const secret = 'latchkey_secret_days_left{registration="r1"}';
    expect([await read('latchkey_connections{state="ready"}'), await read(secret)]).toEqual([1, 1]);
    await db.updateTable('connections').set({ state: 'failing' }).where('id', '=', id).execute();
    await db.deleteFrom('registrations').execute();
    hub.clock.advance(30_000);
    expect(await read('latchkey_connections{state="failing"}')).toBe(1);
    expect([await read('latchkey_connections{state="ready"}'), await read(secret)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('tell of nothing overdue where the first work is still to come', async () => {
    const { store } = hub.context;
    await store.db.deleteFrom('due_work').execute();
    await scheduleWork(store.db, { kind: 'test', subjectId: 'a', dueAt: hub.clock.now() + 60_000 });
    expect(await read('latchkey_due_work_overdue_seconds')).toBe(0);
    expect(await read('latchkey_due_work')).toBe(0);
  });

  it('go on without the database, and say so', async () => {
    expect(await read('latchkey_store_up')).toBe(1);
    await hub.context.store.close();
    hub.clock.advance(30_000);
    expect(await read('latchkey_store_up')).toBe(0);
    expect(hub.logLines.join('')).toContain('metrics without the database');
  });

  it('are reported to whoever adds them up: numbers alone, and what the database says only where it is wanted', async () => {
    await makeManualConnection(hub);
    const counted = createMetrics(hub.context);
    const { own, store } = await counted.report({ withStore: false });
    expect(store).toBeNull();
    // The lag of the event loop is none yet, and would come as null.
    const values = own.flatMap((series) => series.values.map(({ value }) => value));
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((value) => !Number.isFinite(value))).toEqual([]);
    const asked = await counted.report({ withStore: true });
    const connections = asked.store?.find(({ name }) => name === 'latchkey_connections');
    expect(connections?.values).toMatchObject([{ labels: { state: 'ready' }, value: 1 }]);
    expect(asked.own.map(({ name }) => name)).not.toContain('latchkey_connections');
  });

  it('have no secret and nobody’s name in them', async () => {
    const { id } = await makeManualConnection(hub, { name: 'Contoso of Anna' });
    await hub.inject({ method: 'POST', url: `/api/v1/connections/${id}/refresh` });
    const text = await (await ask()).text();
    for (const told of ['Contoso', id, 'refresh-token', hub.microsoft.crm.origin])
      expect(text).not.toContain(told);
  });
});

it('metrics on a taken port end the start', async () => {
  const other = createServer();
  await once(other.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    other.close();
  });
  const address = other.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const metrics = { contentType: '', text: async () => '' };
  await expect(serveMetrics({ host: '127.0.0.1', port }, metrics)).rejects.toMatchObject({
    code: 'metrics_port_unavailable',
    message: expect.stringContaining('EADDRINUSE'),
    remedy: expect.stringContaining('LATCHKEY_METRICS'),
  });
});
