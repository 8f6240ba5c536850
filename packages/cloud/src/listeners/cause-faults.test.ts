import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { FaultEffect, FaultService } from '../faults/fault-rule.ts';
import { type OpenedCloud, openLocalCloud } from '../start-local-cloud.ts';
import { textLike } from '../testing/expected.ts';
import { readObject, textOf } from '../testing/read-json.ts';

let cloud: OpenedCloud;
beforeAll(async () => {
  cloud = await openLocalCloud({ adminApi: true });
});
afterAll(() => cloud.close());
afterEach(() => cloud.faults.clear());

const paths: Record<FaultService, string> = {
  entra: '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration',
  graph: '/v1.0/me',
  crm: '/api/data/v9.2/WhoAmI',
  admin: '/subscriptions?api-version=2022-12-01',
};
const get = (service: FaultService, init?: RequestInit) => fetch(cloud[service].http + paths[service], init);

it.each<[FaultService, FaultEffect, number, object]>([
  [
    'entra',
    { kind: 'throttle', retryAfterSeconds: 7 },
    429,
    { error: 'temporarily_unavailable', error_codes: [90055] },
  ],
  ['graph', { kind: 'throttle', retryAfterSeconds: 7 }, 429, { error: { code: 'TooManyRequests' } }],
  ['crm', { kind: 'throttle', retryAfterSeconds: 7 }, 429, { error: { code: '0x80072322' } }],
  ['admin', { kind: 'throttle', retryAfterSeconds: 7 }, 429, { error: { code: 'TooManyRequests' } }],
  ['admin', { kind: 'server_error', status: 503 }, 503, { error: { code: 'ServerUnavailable' } }],
  ['admin', { kind: 'server_error', status: 500 }, 500, { error: { code: 'InternalServerError' } }],
  ['entra', { kind: 'server_error', status: 500 }, 500, { error_codes: [90033] }],
  ['entra', { kind: 'server_error', status: 504 }, 504, { error_codes: [90012] }],
  [
    'graph',
    { kind: 'server_error', status: 503, retryAfterSeconds: 7 },
    503,
    { error: { code: 'serviceNotAvailable' } },
  ],
  ['crm', { kind: 'server_error', status: 502 }, 502, { error: { code: '0x80040216' } }],
])('%s answers %o in its own words, once', async (service, effect, status, body) => {
  const usual = (await get(service)).status;
  cloud.faults.add({ service, effect });
  const answer = await get(service);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('retry-after')).toBe('retryAfterSeconds' in effect ? '7' : null);
  expect(await answer.json()).toMatchObject(body);
  expect((await get(service)).status).toBe(usual);
});

it('names each failed request as the services do', async () => {
  const id = '7f6e5d4c-1111-4222-8333-0123456789ab';
  const headers = { 'client-request-id': id };
  for (const service of ['entra', 'graph'] as const) {
    cloud.faults.add({ service, effect: { kind: 'throttle', retryAfterSeconds: 7 } });
  }
  const [entra, graph] = await Promise.all([get('entra', { headers }), get('graph', { headers })]);
  expect(await entra.json()).toMatchObject({
    error_description: textLike(/^AADSTS90055: .* Trace ID: .* Timestamp: .*Z$/),
    trace_id: entra.headers.get('x-ms-request-id'),
    correlation_id: id,
    error_uri: 'https://login.microsoftonline.com/error?code=90055',
  });
  expect(await graph.json()).toMatchObject({
    error: {
      innerError: { 'request-id': graph.headers.get('request-id'), 'client-request-id': id },
    },
  });
});

it('drops a connection', async () => {
  cloud.faults.add({ effect: { kind: 'drop_connection' } });
  await expect(get('entra')).rejects.toThrow('fetch failed');
});

it('sends a web page in place of JSON', async () => {
  cloud.faults.add({ effect: { kind: 'html' } });
  const answer = await get('entra');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await answer.text()).toContain('<!DOCTYPE html>');
});

it.each<FaultService>(['entra', 'graph'])('cuts the body of %s in the middle', async (service) => {
  const path = service === 'graph' ? '/v1.0/nothing' : paths.entra;
  cloud.faults.add({ effect: { kind: 'cut_body' } });
  const answer = await fetch(cloud[service].http + path);
  expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
  await expect(answer.text()).rejects.toThrow('terminated');
});

it.each<FaultService>(['entra', 'graph', 'crm'])(
  'lets web pages hear of a busy %s, and leaves alone what their browser asks beforehand',
  async (service) => {
    const headers = { origin: 'http://localhost:3000', 'access-control-request-method': 'GET' };
    cloud.faults.add({ service, effect: { kind: 'throttle', retryAfterSeconds: 5 } });
    const preflight = await fetch(`${cloud[service].http}${paths[service]}`, { method: 'OPTIONS', headers });
    expect(preflight.status).not.toBe(429);
    const answer = await get(service, { headers });
    expect(answer.status).toBe(429);
    expect(['*', headers.origin]).toContain(answer.headers.get('access-control-allow-origin'));
  },
);

it('knows the app by the form, by HTTP Basic and by the token', async () => {
  const clientId = 'c0ffee00-0000-4000-8000-000000000001';
  const effect: FaultEffect = { kind: 'server_error', status: 599 };
  cloud.faults.add({ clientId, times: 3, effect });
  const tokenUrl = `${cloud.entra.http}/contoso.onmicrosoft.com/oauth2/v2.0/token`;
  const post = (client: string, headers = {}) =>
    fetch(tokenUrl, {
      method: 'POST',
      headers,
      body: new URLSearchParams(client ? { client_id: client } : {}),
    });
  const basic = `Basic ${Buffer.from(`${clientId}:secret`).toString('base64')}`;
  const claims = Buffer.from(JSON.stringify({ appid: clientId })).toString('base64url');
  const statuses = [
    (await post('another')).status,
    (await post(clientId)).status,
    (await post('', { authorization: basic })).status,
    (await get('crm')).status,
    (await get('crm', { headers: { authorization: `Bearer e30.${claims}.AA` } })).status,
  ];
  expect(statuses).toEqual([400, 599, 599, 401, 599]);
});

it('takes, tells and forgets faults by the admin API, which they leave alone', async () => {
  const url = `${cloud.entra.http}/_latchkey/faults`;
  const send = (method: string, path = '', body?: string) =>
    fetch(url + path, { method, ...(body && { body, headers: { 'content-type': 'application/json' } }) });
  const added = await send('POST', '', '{"times":2,"effect":{"kind":"drop_connection"}}');
  expect(added.status).toBe(201);
  const id = textOf(readObject(await added.text()), 'id');
  await expect(get('graph')).rejects.toThrow('fetch failed');
  expect(await (await send('GET')).json()).toEqual({
    faults: [{ id, rule: { times: 2, effect: { kind: 'drop_connection' } }, hits: 1, remaining: 1 }],
  });
  expect([(await send('DELETE', `/${id}`)).status, (await send('DELETE', `/${id}`)).status]).toEqual([
    204, 404,
  ]);
  const wrong = await send('POST', '', '{"effect":{"kind":"fire"}}');
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining("'kind' is one of")]);
  await send('POST', '', '{"effect":{"kind":"drop_connection"}}');
  expect((await send('DELETE')).status).toBe(204);
  expect(cloud.faults.list()).toEqual([]);
});

it('sets the replication delay of Graph by the admin API', async () => {
  const url = `${cloud.entra.http}/_latchkey/graph-replication`;
  const put = (body: string) =>
    fetch(url, { method: 'PUT', headers: { 'content-type': 'application/json' }, body });
  expect(await (await put('{"delaySeconds":10}')).json()).toEqual({ delaySeconds: 10 });
  expect(cloud.context.replication.delaySeconds).toBe(10);
  expect((await put('{"delaySeconds":-1}')).status).toBe(400);
  await put('{"delaySeconds":0}');
});
