import { afterAll, beforeAll, expect, it } from 'vitest';
import { crmOrigin, openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

const v1 = '/oauth2/token';
const unknown = 'c0ffee00-0000-4000-8000-000000000000';
const v2 = '/oauth2/v2.0/token';

it('answers an error with everything that support asks for', async () => {
  const clientRequestId = '7f6e5d4c-1111-4222-8333-0123456789ab';
  const { status, headers, json } = await entra.post(
    v2,
    { grant_type: 'nonsense' },
    { 'client-request-id': clientRequestId, 'return-client-request-id': 'true' },
  );
  expect(status).toBe(400);
  expect(json).toMatchObject({
    error: 'unsupported_grant_type',
    error_codes: [70003],
    correlation_id: clientRequestId,
    error_uri: 'https://login.microsoftonline.com/error?code=70003',
  });
  expect(json.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/);
  expect(json.error_description).toBe(
    `AADSTS70003: The app requested an unsupported grant type 'nonsense'. Trace ID: ${String(json.trace_id)} Correlation ID: ${clientRequestId} Timestamp: ${String(json.timestamp)}`,
  );
  expect(headers).toMatchObject({
    'x-ms-request-id': json.trace_id,
    'client-request-id': clientRequestId,
    'cache-control': 'no-store, no-cache',
    pragma: 'no-cache',
  });
});

it.each<[string, string, Record<string, string>, number]>([
  ['no grant type', v2, {}, 900144],
  ['no client', v2, { grant_type: 'authorization_code', code: 'x' }, 900144],
  ['no code', v2, { grant_type: 'authorization_code', client_id: 'x' }, 900144],
  [
    'a client that nobody knows',
    v1,
    { grant_type: 'refresh_token', client_id: unknown, refresh_token: 'y' },
    700016,
  ],
  [
    'a client id that is none',
    v2,
    { grant_type: 'refresh_token', client_id: 'x', refresh_token: 'y' },
    700038,
  ],
])('refuses %s', async (_name, path, form, code) => {
  const { status, json } = await entra.post(path, form);
  expect([status, json.error_codes]).toEqual([400, [code]]);
});

it('refuses a repeated parameter', async () => {
  const answer = await entra.app.inject({
    method: 'POST',
    url: `/${entra.tenant.id}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    payload: `grant_type=client_credentials&resource=${crmOrigin}&resource=https://graph.microsoft.com`,
  });
  expect(answer.statusCode).toBe(400);
  expect(answer.json<Record<string, unknown>>().error).toBe('invalid_request');
});

it('counts a body that is not form-encoded as empty', async () => {
  const answer = await entra.app.inject({
    method: 'POST',
    url: `/${entra.tenant.id}/oauth2/token`,
    payload: { grant_type: 'client_credentials' },
  });
  expect(answer.json<Record<string, unknown>>().error_codes).toEqual([900144]);
});

it('takes POST only', async () => {
  const answer = await entra.app.inject(`/${entra.tenant.id}/oauth2/token`);
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error_codes]).toEqual([400, [900561]]);
});

it.each(['domain', 'DOMAIN IN CAPITALS', 'guid'])('finds the tenant by its %s', async (kind) => {
  const name =
    { guid: entra.tenant.id, domain: 'contoso.onmicrosoft.com' }[kind] ?? 'CONTOSO.OnMicrosoft.com';
  const answer = await entra.app.inject({ method: 'POST', url: `/${name}/oauth2/token` });
  expect(answer.json<Record<string, unknown>>().error_codes).toEqual([900144]);
});

it('says that a tenant is not found', async () => {
  const answer = await entra.app.inject({ method: 'POST', url: '/fabrikam.com/oauth2/v2.0/token' });
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error]).toEqual([400, 'invalid_request']);
  expect(answer.json<Record<string, unknown>>().error_description).toContain(
    "AADSTS90002: Tenant 'fabrikam.com' not found",
  );
});

it('answers an unknown address below a tenant with an OAuth error', async () => {
  const answer = await entra.app.inject({ method: 'POST', url: `/${entra.tenant.id}/oauth2/v3.0/token` });
  expect(answer.statusCode).toBe(404);
  expect(answer.json()).toMatchObject({ error: 'invalid_request' });
  expect(answer.json<Record<string, unknown>>().trace_id).toBeDefined();
});

it('answers the preflight of a browser', async () => {
  const answer = await entra.app.inject({
    method: 'OPTIONS',
    url: `/${entra.tenant.id}/oauth2/v2.0/token`,
    headers: { origin: 'http://localhost:3000', 'access-control-request-headers': 'content-type' },
  });
  expect(answer.statusCode).toBe(204);
  expect(answer.headers['access-control-allow-origin']).toBe('http://localhost:3000');
});

it('refuses a body over the limit as a badly formed request', async () => {
  const answer = await entra.app.inject({
    method: 'POST',
    url: `/${entra.tenant.id}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `code=${'x'.repeat(2_000_000)}`,
  });
  expect(answer.statusCode).toBe(413);
  expect(answer.json<Record<string, unknown>>().error).toBe('invalid_request');
});

it('refuses a request that names two clients, and takes one that names its client twice', async () => {
  const { clientId, secret } = entra.createApp();
  const authorization = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret)}`).toString('base64')}`;
  const ask = (named: string) =>
    entra.post(
      v1,
      { grant_type: 'client_credentials', resource: crmOrigin, client_id: named },
      { authorization },
    );
  const two = await ask(entra.createApp().clientId);
  expect([two.status, two.json.error_codes]).toEqual([400, [90013]]);
  expect((await ask(clientId.toUpperCase())).status).toBe(200);
});

it('lets nothing between keep a token', async () => {
  const { clientId, secret } = entra.createApp();
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
  const { status, headers } = await entra.post(v1, { ...form, resource: crmOrigin });
  expect([status, headers['cache-control'], headers.pragma]).toEqual([200, 'no-store, no-cache', 'no-cache']);
});

it('names what was asked for the tenant where it knows no such client', async () => {
  const form = { grant_type: 'refresh_token', client_id: unknown, refresh_token: 'y' };
  for (const [tenant, name] of [
    ['common', 'common'],
    ['contoso.onmicrosoft.com', 'Contoso'],
  ]) {
    const { json } = await entra.post(`/${tenant}/oauth2/v2.0/token`, form);
    expect(json.error_codes).toEqual([700016]);
    expect(json.error_description).toContain(`'${name}'`);
  }
});

it('does not know a new client that is written in capitals either, until it has arrived', async () => {
  const own = await openTestEntra();
  const { clientId, secret } = own.createApp();
  own.context.replication.delaySeconds = 10;
  own.context.replication.note(clientId);
  const form = { grant_type: 'client_credentials', client_secret: secret, resource: crmOrigin };
  const codes: unknown[] = [];
  for (const client_id of [clientId, clientId.toUpperCase()]) {
    codes.push((await own.post(v1, { ...form, client_id })).json.error_codes);
  }
  await own.close();
  expect(codes).toEqual([[700016], [700016]]);
});

it('has personal accounts served by v2 alone', async () => {
  const { json } = await entra.post('/consumers/oauth2/token', { grant_type: 'refresh_token' });
  expect(json.error_codes).toEqual([500201]);
});

it('lets a page read the answer, and says which methods it may use', async () => {
  const origin = 'http://localhost:3000';
  const redirect_uri = `${origin}/`;
  const { clientId } = entra.createApp({ document: { spa: { redirectUris: [redirect_uri] } } });
  const refused = await entra.post(
    v2,
    { grant_type: 'authorization_code', client_id: clientId, code: 'x' },
    { origin },
  );
  expect(refused.headers['access-control-allow-origin']).toBe(origin);
  for (const path of [v1, v2]) {
    const { headers } = await entra.app.inject({
      method: 'OPTIONS',
      url: `/${entra.tenant.id}${path}`,
      headers: { origin },
    });
    expect(String(headers['access-control-allow-methods'])).toContain('POST');
  }
});

it('serves personal accounts at v2, which knows none', async () => {
  const { json } = await entra.post('/consumers/oauth2/v2.0/token', {
    grant_type: 'refresh_token',
    client_id: unknown,
    refresh_token: 'y',
  });
  expect(json.error_codes).toEqual([700016]);
});

it.each(['00000000-0000-0000-0000-000000000000', 'your-client-id'])(
  'names %s as no client id, without a page to look it up',
  async (id) => {
    for (const form of [
      { grant_type: 'client_credentials', client_secret: 'x', scope: 'https://graph.microsoft.com/.default' },
      { grant_type: 'authorization_code', code: 'x', redirect_uri: 'https://app.example/signed-in' },
    ]) {
      const { status, json } = await entra.post(v2, { ...form, client_id: id });
      expect([status, json.error, json.error_codes]).toEqual([400, 'unauthorized_client', [700038]]);
      expect(json.error_description).toContain(`AADSTS700038: ${id} is not a valid application identifier.`);
      expect(json).not.toHaveProperty('error_uri');
    }
  },
);

it('reads a form behind a byte order mark', async () => {
  const { clientId, secret } = entra.createApp();
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: `${crmOrigin}/.default`,
  };
  const answer = await entra.app.inject({
    method: 'POST',
    url: `/${entra.tenant.id}${v2}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `\uFEFF${new URLSearchParams(form).toString()}`,
  });
  expect([answer.statusCode, answer.json()]).toEqual([
    200,
    expect.objectContaining({ token_type: 'Bearer' }),
  ]);
});

it('names the parameter that is missing', async () => {
  const { json } = await entra.post(v2, {});
  expect(json.error_description).toContain("'grant_type'");
});

it('reads an assertion by which a client proves itself', async () => {
  const { clientId } = entra.createApp();
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: `${crmOrigin}/.default`,
  };
  expect((await entra.post(v2, form)).json.error_codes).toEqual([7000216]);
  const { json } = await entra.post(v2, {
    ...form,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'nonsense',
  });
  expect(json.error_codes).toEqual([50027]);
});

it('is there with a slash at the end of its address, as MSAL asks in a region', async () => {
  const { json } = await entra.post(`${v2}/?allowestsrnonmsi=true`, { grant_type: 'nonsense' });
  expect(json.error_codes).toEqual([70003]);
});
