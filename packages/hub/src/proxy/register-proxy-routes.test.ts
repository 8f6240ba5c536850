import type { Connection } from '@latchkey/api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { enterByLink } from '../access/testing/enter-by-link.ts';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { type Answer, type CallOptions, callProxy } from './testing/call-proxy.ts';

const accounts = '/api/data/v9.2/accounts';
const notAMember =
  '{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}';
const missingPrivilege = '{"error":{"code":"0x80040220","message":"SecLib::AccessCheckEx failed."}}';
const overOneMinute = 61_000;

let hub: ConnectionHub;
let connection: Connection;
let origin: string;

beforeEach(async () => {
  hub = await createConnectionHub();
  connection = await makeManualConnection(hub);
  origin = await hub.app.listen({ host: '127.0.0.1', port: 0 });
});

afterEach(async () => {
  await hub.close();
});

function call(path: string, options: CallOptions = {}, id = connection.id): Promise<Answer> {
  const authorization: Record<string, string> = options.headers?.cookie
    ? {}
    : { authorization: `Bearer ${hub.apiKey}` };
  const headers = { ...authorization, ...options.headers };
  return callProxy(`${origin}/api/v1/connections/${id}/proxy`, path, { ...options, headers });
}

async function codeOf(answer: Promise<Answer>): Promise<[number, string]> {
  const { status, body } = await answer;
  return [status, JSON.parse(body.toString('utf8')).code];
}

it('lists accounts with the connection’s token for a caller who has an API key', async () => {
  const answer = await call(`${accounts}?$top=3`);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body.toString('utf8'))).toEqual({ value: [{ name: 'Adventure Works' }] });
  expect(answer.headers['content-security-policy']).toBeUndefined();
});

it('takes a body whatever its type and size', async () => {
  const body = Buffer.alloc(hub.context.config.bodyLimitBytes + 1, 'x');
  const answer = await call(accounts, {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=b' },
    body,
  });
  expect(answer.status).toBe(200);
});

it.each([
  ['no API key', { authorization: '' }, 401, 'not_signed_in'],
  ['an unknown API key', { authorization: 'Bearer lk_unknown' }, 401, 'api_key_unknown'],
])('lets nobody through with %s', async (_what, headers, status, code) => {
  const before = hub.microsoft.crm.requests.length;
  expect(await codeOf(call(accounts, { headers }))).toEqual([status, code]);
  expect(hub.microsoft.crm.requests).toHaveLength(before);
});

it.each(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'])(
  'lets no %s through without a key, so that nobody borrows the token',
  async (method) => {
    const before = hub.microsoft.crm.requests.length;
    expect((await call(accounts, { method, headers: { authorization: '' } })).status).toBe(401);
    expect(hub.microsoft.crm.requests).toHaveLength(before);
  },
);

it('says that there is no such connection', async () => {
  expect(await codeOf(call(accounts, {}, 'unknown'))).toEqual([404, 'connection_not_found']);
});

it('says that the connection is disabled, as soon as it is', async () => {
  await call(accounts);
  const url = `/api/v1/connections/${connection.id}`;
  await hub.inject({ method: 'PATCH', url, payload: { disabled: true } });
  expect(await codeOf(call(accounts))).toEqual([409, 'connection_disabled']);
});

it('does not pass TRACE on, whose answer would repeat the token', async () => {
  expect((await call(accounts, { method: 'TRACE' })).status).toBeGreaterThanOrEqual(400);
  expect(hub.microsoft.crm.requests.map(({ method }) => method)).not.toContain('TRACE');
});

it('refuses a change that another site makes a signed-in browser send', async () => {
  const headers = { cookie: await enterByLink(hub), origin: 'https://other.example' };
  expect(await codeOf(call(accounts, { method: 'POST', headers, body: '{}' }))).toEqual([
    403,
    'cross_site_request',
  ]);
});

it('keeps what a browser is shown from acting in the hub’s name', async () => {
  const answer = await call('/WebResources/page.html', { headers: { cookie: await enterByLink(hub) } });
  expect(answer).toMatchObject({
    status: 200,
    headers: {
      'content-security-policy': 'sandbox',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    },
  });
});

it('heals a rejected token with one token request, however many calls carried it', async () => {
  const before = hub.microsoft.tokenRequests().length;
  const token = await hub.inject({ method: 'GET', url: `/api/v1/connections/${connection.id}/token` });
  hub.microsoft.rejected.add(token.json<{ accessToken: string }>().accessToken);
  const answers = await Promise.all(Array.from({ length: 8 }, () => call(accounts)));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(hub.microsoft.tokenRequests()).toHaveLength(before + 1);
});

it('shows the connection as blocked once the CRM says that its user is locked out, and as ready once it lets in', async () => {
  hub.microsoft.crm.fail('/accounts', { status: 403, body: JSON.parse(notAMember) });
  expect((await call(accounts)).body.toString('utf8')).toBe(notAMember);
  await hub.context.background.idle();
  expect((await showConnection(hub, connection.id)).status).toMatchObject({
    state: 'blocked',
    failure: { code: 'crm_refused', remote: { code: '0x80072560' } },
  });

  await call(accounts);
  await hub.context.background.idle();
  expect((await showConnection(hub, connection.id)).status.state).toBe('ready');
});

it('leaves the connection as it is when one table is forbidden to its user', async () => {
  hub.microsoft.crm.fail('/accounts', { status: 403, body: JSON.parse(missingPrivilege) });
  expect((await call(accounts)).status).toBe(403);
  await hub.context.background.idle();
  expect((await showConnection(hub, connection.id)).status).toMatchObject({ state: 'ready', failure: null });
});

it('shows the connection as blocked when even a new token is refused', async () => {
  hub.microsoft.crm.fail('/accounts', { status: 401 }, { status: 401 });
  expect((await call(accounts)).status).toBe(401);
  await hub.context.background.idle();
  expect((await showConnection(hub, connection.id)).status).toMatchObject({
    state: 'blocked',
    failure: { code: 'crm_refused', remote: { httpStatus: 401 } },
  });
});

it('takes good answers as proof, noted once a minute', async () => {
  async function provenAt(): Promise<string | null> {
    await call(accounts);
    await hub.context.background.idle();
    return (await showConnection(hub, connection.id)).status.lastProvenAt;
  }
  const first = await provenAt();
  hub.clock.advance(1000);
  expect(await provenAt()).toBe(first);
  hub.clock.advance(overOneMinute);
  expect(await provenAt()).toBe(new Date(hub.clock.now()).toISOString());
});

it('passes addresses of 32,768 characters on, as the Web API takes them, beside other long headers', async () => {
  const filter = 'x'.repeat(32_768 - `${accounts}?$filter=`.length);
  const answer = await call(`${accounts}?$filter=${filter}`, { headers: { 'x-long': 'x'.repeat(30_000) } });
  expect(answer.status).toBe(200);
  expect(hub.microsoft.crm.requests.at(-1)?.query.get('$filter')).toBe(filter);
});

it.each([
  ['environment', {}, 'environment'],
  ['environment', { 'latchkey-links': 'environment' }, null],
  ['proxy', { 'latchkey-links': 'hub' }, 'proxy'],
  ['proxy', {}, null],
])('leads links by /%s with %j to the hub’s configured address, or not', async (place, headers, ledTo) => {
  const link = `${hub.microsoft.crm.origin}${accounts}?page=2`;
  hub.microsoft.crm.fail('/accounts', { status: 200, body: { '@odata.nextLink': link } });
  const answer = await callProxy(`${origin}/api/v1/connections/${connection.id}/${place}`, accounts, {
    headers: { authorization: `Bearer ${hub.apiKey}`, host: 'elsewhere.example', ...headers },
  });
  const led = `${hub.context.config.publicUrl}/api/v1/connections/${connection.id}/${ledTo}${accounts}?page=2`;
  expect(JSON.parse(answer.body.toString('utf8'))).toEqual({
    '@odata.nextLink': ledTo === null ? link : led,
  });
});

it('knows no other way of leading links', async () => {
  expect(await codeOf(call(accounts, { headers: { 'latchkey-links': 'both' } }))).toEqual([
    400,
    'request_malformed',
  ]);
});

it('logs neither the query, which may hold personal data, nor a token', async () => {
  await call(`${accounts}?$filter=name%20eq%20'Secret'`);
  const log = hub.logLines.join('');
  expect(log).toContain('/api/v1/connections/:id/proxy/*');
  expect(log).not.toMatch(/Secret|Bearer|lk_/);
});

it('describes itself in the OpenAPI document', async () => {
  const { paths } = (await hub.app.inject('/openapi.json')).json<{ paths: Record<string, object> }>();
  const [, operations] = Object.entries(paths).find(([path]) => path.includes('/proxy/')) ?? [];
  expect(Object.keys(operations ?? {})).toEqual(expect.arrayContaining(['get', 'post', 'patch', 'delete']));
});
