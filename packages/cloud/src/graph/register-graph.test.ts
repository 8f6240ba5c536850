import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from './testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

it('echoes the client request id and numbers each request itself', async () => {
  const first = await graph.call(token, 'GET', '/me', undefined, { 'client-request-id': 'my-own-id' });
  const second = await graph.call(token, 'GET', '/me');
  expect(first.headers['client-request-id']).toBe('my-own-id');
  expect(first.headers['request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(second.headers['request-id']).not.toBe(first.headers['request-id']);
  expect(second.headers['client-request-id']).toBe(second.headers['request-id']);
  expect(first.headers.date).toBe('Thu, 15 Jan 2026 10:00:00 GMT');
});

it('puts failures into the envelope with an inner error that names the request', async () => {
  const id = 'c0ffee00-0000-4000-8000-000000000000';
  const { status, body, headers } = await graph.call(token, 'GET', `/applications/${id}`);
  expect(status).toBe(404);
  expect(body).toEqual({
    error: {
      code: 'Request_ResourceNotFound',
      message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
      innerError: {
        date: '2026-01-15T10:00:00',
        'request-id': headers['request-id'],
        'client-request-id': headers['client-request-id'],
      },
    },
  });
});

it.each([
  ['no token', {}, 'Access token is empty.'],
  ['another scheme', { authorization: 'Basic YTpi' }, 'Access token is empty.'],
  ['text that is no token', { authorization: 'Bearer hello' }, 'CompactToken parsing failed'],
])('refuses %s with 401 and a quoted challenge', async (_case, headers, message) => {
  const { status, body, headers: answered } = await graph.inject({ url: '/v1.0/me', headers });
  expect(status).toBe(401);
  expect(body.error).toMatchObject({ code: 'InvalidAuthenticationToken' });
  expect(body.error.message).toContain(message);
  expect(answered['www-authenticate']).toBe(
    'Bearer realm="", authorization_uri="http://localhost:4481/common/oauth2/authorize", ' +
      'client_id="00000003-0000-0000-c000-000000000000"',
  );
});

it('refuses an expired token', async () => {
  graph.clock.advance(3_601_000);
  const { status, body } = await graph.call(token, 'GET', '/me');
  expect(status).toBe(401);
  expect(body.error.message).toBe('Access token has expired or is not yet valid.');
});

it('refuses a token whose signature was changed', async () => {
  const { status, body } = await graph.call(`${token.slice(0, -4)}AAAA`, 'GET', '/me');
  expect(status).toBe(401);
  expect(body.error.message).toContain('Invalid signature');
});

it.each([
  'https://graph.microsoft.com',
  'https://graph.microsoft.com/',
  '00000003-0000-0000-c000-000000000000',
  'http://localhost:4482',
  'https://localhost:4492/',
])('takes tokens for %s', async (aud) => {
  const { status } = await graph.call(await graph.personToken('sales', 'User.Read', { aud }), 'GET', '/me');
  expect(status).toBe(200);
});

it.each(['https://contoso.crm4.dynamics.com', 'http://localhost:4483'])(
  'refuses tokens for %s',
  async (aud) => {
    const { status, body } = await graph.call(
      await graph.personToken('sales', 'User.Read', { aud }),
      'GET',
      '/me',
    );
    expect(status).toBe(401);
    expect(body.error.message).toBe('Access token validation failure. Invalid audience.');
  },
);

it('refuses a token of somebody who is not in the directory', async () => {
  const stranger = await graph.personToken('sales', 'User.Read', {
    oid: 'c0ffee00-0000-4000-8000-000000000000',
  });
  expect((await graph.call(stranger, 'GET', '/me')).status).toBe(401);
});

it('answers a body that is no JSON in its own envelope', async () => {
  const { status, body } = await graph.inject({
    method: 'POST',
    url: '/v1.0/applications',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: '{"displayName":',
  });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ code: 'BadRequest' });
  expect(body.error.message).toContain('Unable to read JSON request payload');
});

it('asks for a body where one is needed', async () => {
  const { status, body } = await graph.call(token, 'POST', '/applications');
  expect(status).toBe(400);
  expect(body.error.message).toBe('Empty Payload. JSON content expected.');
});

it('answers a body over the limit in its own envelope', async () => {
  const { status, body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'x'.repeat(2_000_000),
  });
  expect(status).toBe(413);
  expect(body.error).toMatchObject({ code: 'BadRequest' });
});

it('tells unknown paths and methods in its own envelope', async () => {
  const unknown = await graph.call(token, 'GET', '/teapots');
  expect([unknown.status, unknown.body.error.message]).toEqual([
    400,
    "Resource not found for the segment 'teapots'.",
  ]);
  const wrongMethod = await graph.call(token, 'PUT', '/applications', {});
  expect([wrongMethod.status, wrongMethod.body.error.code]).toEqual([405, 'Request_BadRequest']);
});

it.each(['PATCH', 'DELETE'] as const)(
  'does not take %s of a whole set for one of its objects',
  async (method) => {
    const { status } = await graph.call(token, method, '/applications', {});
    expect(status).toBe(405);
  },
);

it('lets the scripts of single page apps call it', async () => {
  const origin = 'http://localhost:3000';
  const preflight = await graph.inject({
    method: 'OPTIONS',
    url: '/v1.0/me',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,client-request-id',
    },
  });
  expect(preflight.status).toBe(200);
  expect(preflight.headers['access-control-allow-headers']).toBe('authorization,client-request-id');
  for (const authorization of [`Bearer ${token}`, 'Bearer nonsense']) {
    const { headers } = await graph.inject({ url: '/v1.0/me', headers: { origin, authorization } });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toContain('request-id');
  }
});

it('answers a bare OPTIONS as any other method that is not there', async () => {
  const { status } = await graph.inject({ method: 'OPTIONS', url: '/v1.0/me' });
  expect(status).toBe(405);
});

it('serves the same under the alias myorganization', async () => {
  const { status, body } = await graph.call(token, 'GET', '/myorganization/me?$select=displayName');
  expect(status).toBe(200);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#users(displayName)/$entity',
    displayName: 'Megan Bowen',
  });
});

it('leaves the context out for odata.metadata=none', async () => {
  const { body } = await graph.call(token, 'GET', '/me', undefined, {
    accept: 'application/json;odata.metadata=none',
  });
  expect(body['@odata.context']).toBeUndefined();
  expect(body.displayName).toBe('Megan Bowen');
});
