import type { Problem } from '@latchkey/api';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { enterByLink } from '../access/testing/enter-by-link.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
} from '../connections/testing/create-connection-hub.ts';
import { callProxy } from '../proxy/testing/call-proxy.ts';

let hub: ConnectionHub;

beforeEach(async () => {
  hub = await createConnectionHub();
});
afterEach(() => hub.close());

interface Line {
  msg: string;
  caller: string | null;
  status: number;
}

function logged(message: string): Line[] {
  return hub.logLines.map((line): Line => JSON.parse(line)).filter(({ msg }) => msg === message);
}

it('says who made a request: the key by its id, a browser by its session, nobody where nobody is known', async () => {
  const url = '/api/v1/settings';
  const made = await hub.inject({ method: 'POST', url: '/api/v1/api-keys', payload: { name: 'other' } });
  const { id, key } = made.json<{ id: string; key: string }>();
  const cookie = await enterByLink(hub);
  const origin = await hub.app.listen({ host: '127.0.0.1', port: 0 });
  const { id: connectionId } = await makeManualConnection(hub);
  hub.logLines.length = 0;

  await hub.inject({ url, headers: { authorization: `Bearer ${key}` } });
  await hub.inject({ url, headers: { cookie } });
  await hub.inject({ url, headers: { authorization: 'Bearer lk_of-nobody' } });
  await hub.app.inject({ url: '/healthz' });
  // Its answer is written past the framework.
  await callProxy(`${origin}/api/v1/connections/${connectionId}/proxy`, '/x', {
    headers: { authorization: `Bearer ${key}` },
  });
  await expect.poll(() => logged('request')).toHaveLength(5);
  const callers = logged('request').map(({ caller, status }) => [caller, status]);
  expect(callers).toEqual([
    [`api_key:${id}`, 200],
    [expect.stringMatching(/^browser:.{8}$/), 200],
    [null, 401],
    [null, 200],
    [`api_key:${id}`, 200],
  ]);
  for (const secret of [key, 'of-nobody', cookie.split('=')[1] ?? ''])
    expect(hub.logLines.join()).not.toContain(secret);
});

it('has the cause of a failure that nobody expected, with the request and its caller', async () => {
  await sql`drop table registrations`.execute(hub.context.store.db);
  const { instance } = (await hub.inject({ url: '/api/v1/registrations?limit=1' })).json<Problem>();
  expect(logged('request failed')).toMatchObject([
    {
      level: 50,
      requestId: instance,
      method: 'GET',
      route: '/api/v1/registrations',
      caller: expect.stringMatching(/^api_key:/),
      status: 500,
      code: 'internal_error',
      err: {
        stack: expect.any(String),
        cause: { message: expect.stringContaining('no such table'), stack: expect.any(String) },
      },
    },
  ]);
});

it('has the cause of an answer that is the network’s fault, in short', async () => {
  const { id } = await makeManualConnection(hub);
  const origin = await hub.app.listen({ host: '127.0.0.1', port: 0 });
  await hub.microsoft.crm.close();
  const { body, status } = await callProxy(
    `${origin}/api/v1/connections/${id}/proxy`,
    '/accounts?name=anna',
    {
      headers: { authorization: `Bearer ${hub.apiKey}` },
    },
  );
  const { instance }: Problem = JSON.parse(body.toString('utf8'));
  expect(status).toBe(502);
  expect(logged('request failed')).toEqual([
    {
      level: 40,
      time: expect.any(String),
      requestId: instance,
      method: 'GET',
      route: '/api/v1/connections/:id/proxy/*',
      caller: expect.stringMatching(/^api_key:/),
      status: 502,
      code: 'crm_unavailable',
      cause: {
        name: 'HubError',
        code: 'crm_unavailable',
        message: expect.stringContaining('refuses connections'),
        cause: expect.objectContaining({ name: 'OutboundError', code: 'ECONNREFUSED' }),
      },
      msg: 'request failed',
    },
  ]);
  expect(hub.logLines.join()).not.toMatch(/anna|"stack"/);
});
