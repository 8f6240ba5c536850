import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';

async function open(...options: Parameters<typeof createTestHub>): Promise<TestHub> {
  const hub = await createTestHub(...options);
  onTestFinished(() => hub.close());
  return hub;
}

const post = { method: 'POST', url: '/api/v1/api-keys' } as const;

describe('a request that is wrong', () => {
  it.each([
    ['that is no JSON', '{"name":', 'application/json', 400, 'malformed_json'],
    ['that is empty', '', 'application/json', 400, 'malformed_json'],
    ['that tries to change the prototype', '{"__proto__":{}}', 'application/json', 400, 'malformed_json'],
    ['of another type', 'name=a', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
    ['that is no object', '[]', 'application/json', 422, 'invalid_body'],
    [
      'over the limit',
      JSON.stringify({ name: 'x'.repeat(1024 * 1024) }),
      'application/json',
      413,
      'body_too_large',
    ],
  ])('gets a problem for a body %s', async (_name, payload, type, status, code) => {
    const hub = await open();
    const answer = await hub.inject({ ...post, payload, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.json()).toMatchObject({
      type: `urn:latchkey:problem:${code}`,
      status,
      code,
      instance: answer.headers['x-request-id'],
      title: expect.any(String),
      detail: expect.any(String),
      whoActs: 'developer',
      remedy: expect.any(String),
      remote: null,
    });
  });

  it('hears which field is wrong, and how', async () => {
    const hub = await open();
    const answer = await hub.inject({ ...post, payload: { name: '' } });
    expect(answer.json()).toMatchObject({
      code: 'invalid_body',
      errors: [{ path: 'name', message: expect.stringMatching(/\w/) }],
      detail: expect.stringContaining('name: '),
    });
  });

  it('hears the limit that it passed', async () => {
    const hub = await open({ config: { bodyLimitBytes: 10 } });
    const answer = await hub.inject({ ...post, payload: { name: 'longer than ten' } });
    expect(answer.json()).toMatchObject({ code: 'body_too_large', detail: 'The limit is 10 bytes.' });
  });

  it('finds nothing at an address that is not there, and the address is not repeated', async () => {
    const hub = await open();
    const answer = await hub.inject({ method: 'POST', url: '/api/v1/secret/secret?code=secret' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      code: 'route_not_found',
      detail: 'No address like this answers POST.',
    });
    expect(answer.body).not.toContain('secret');
  });

  it.each([
    ['can’t be read', '/api/v1/api-keys/%E0%A4%A?code=secret'],
    ['has a part that is too long', `/api/v1/connections/${'secret'.repeat(100)}/token`],
  ])('with an address that %s is refused, and the address is not repeated', async (_name, url) => {
    const hub = await open();
    const answer = await hub.inject({ url });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request_malformed' });
    expect(answer.body).not.toContain('secret');
  });

  it('that never arrives whole has an end', async () => {
    const hub = await open();
    expect(hub.app.server.requestTimeout).toBe(5 * 60_000);
  });
});

describe('a failure inside the hub', () => {
  it('tells the caller a request id and the log the cause', async () => {
    const hub = await open();
    await sql`drop table api_keys`.execute(hub.context.store.db);
    const answer = await hub.inject({ url: '/api/v1/api-keys' });
    expect(answer.statusCode).toBe(500);
    const { code, instance, detail } = answer.json();
    expect(code).toBe('internal_error');
    expect(detail).not.toContain('api_keys');
    const line = hub.logLines.find((text) => text.includes('request failed'));
    expect(line).toContain(instance);
    expect(line).toContain('no such table: api_keys');
  });

  it('is the operator’s when the database is away', async () => {
    const hub = await open({ engine: 'postgres' });
    await hub.inject({ url: '/api/v1/settings' });
    await hub.context.background.idle();
    hub.clock.advance(1_000);
    const refuse = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    hub.context.store.db = hub.context.store.db.withPlugin({
      transformQuery: () => {
        throw refuse;
      },
      transformResult: async ({ result }) => result,
    });
    const answer = await hub.inject({ url: '/api/v1/api-keys' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'store_unavailable', whoActs: 'operator' });
  });
});

describe('every answer', () => {
  it.each(['/healthz', '/api/v1/settings', '/nothing', '/'])(
    'at %s keeps browsers from doing harm',
    async (url) => {
      const hub = await open();
      const { headers } = await hub.inject({ url });
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-request-id': expect.any(String),
      });
    },
  );

  it('has an id of its own, never the caller’s', async () => {
    const hub = await open();
    const ask = () =>
      hub.inject({ url: '/healthz', headers: { 'x-request-id': 'forged', 'request-id': 'forged' } });
    const ids = [(await ask()).headers['x-request-id'], (await ask()).headers['x-request-id']];
    expect(new Set(ids).size).toBe(2);
    expect(ids).not.toContain('forged');
  });
});

describe('the log', () => {
  it('has one line a request, with the route and not the address', async () => {
    const hub = await open();
    await hub.inject({ method: 'DELETE', url: '/api/v1/api-keys/some-id?code=secret' });
    expect(hub.logLines).toHaveLength(1);
    expect(JSON.parse(hub.logLines[0] ?? '')).toEqual({
      level: 30,
      time: expect.any(String),
      requestId: expect.any(String),
      method: 'DELETE',
      route: '/api/v1/api-keys/:id',
      caller: expect.stringMatching(/^api_key:./),
      status: 404,
      ms: expect.any(Number),
      msg: 'request',
    });
  });

  it('never has a key, a cookie, a code, a query or a body', async () => {
    const hub = await open();
    const secrets = {
      query: 'query-secret',
      body: 'body-secret',
      cookie: 'cookie-secret',
      code: 'code-secret',
    };
    await hub.inject({
      ...post,
      url: `/api/v1/api-keys?a=${secrets.query}`,
      payload: { name: secrets.body },
    });
    await hub.inject({ ...post, payload: `{"name":"${secrets.body}` });
    await hub.app.inject({
      url: '/api/v1/settings',
      headers: { cookie: `latchkey_session=${secrets.cookie}` },
    });
    await hub.app.inject({ method: 'POST', url: '/api/v1/session', payload: { code: secrets.code } });
    await hub.inject({ url: `/oauth/callback?code=${secrets.code}&state=${secrets.query}` });
    await hub.inject({ url: `/${secrets.query}` });
    await sql`drop table sessions`.execute(hub.context.store.db);
    await hub.app.inject({
      url: '/api/v1/settings',
      headers: { cookie: `latchkey_session=${secrets.cookie}` },
    });
    const log = hub.logLines.join('');
    expect(hub.logLines.length).toBeGreaterThan(6);
    expect(log).toContain('no such table');
    for (const secret of [...Object.values(secrets), hub.apiKey]) expect(log).not.toContain(secret);
  });
});
