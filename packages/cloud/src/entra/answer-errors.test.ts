import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestEntra, type TestEntra } from './testing/open-test-entra.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

type Method = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT' | 'DELETE';

const send = (method: Method, url: string, headers: Record<string, string> = {}) =>
  entra.app.inject({ method, url, headers });
const asForm = { 'content-type': 'application/x-www-form-urlencoded' };

it.each<[Method, string, string]>([
  ['GET', '/common/oauth2/v2.0/token', 'POST, OPTIONS'],
  ['PUT', '/common/oauth2/token', 'POST, OPTIONS'],
  ['DELETE', '/Common/OAuth2/v2.0/Authorize', 'GET, HEAD, POST'],
  ['GET', '/common/oauth2/v2.0/devicecode', 'POST, OPTIONS'],
  ['POST', '/common/v2.0/.well-known/openid-configuration', 'GET, HEAD, OPTIONS'],
  ['GET', '/common/login', 'POST'],
])('%s %s: 400 with the methods that there are', async (method, url, methods) => {
  const answer = await send(method, url);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ error: 'invalid_request', error_codes: [900561] });
  expect(answer.body).toContain(`only accepts ${methods} requests. Received a ${method} request.`);
});

it.each([
  ['/contoso.onmicrosoft.com/oauth2/v9.0/token', 404, 90056],
  ['/', 404, 90056],
  ['/oauth2/v2.0/token', 400, 90019],
  ['/oauth2/devicecode', 400, 90019],
])('%s: an OAuth error for a program', async (url, status, code) => {
  const answer = await send('POST', url);
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error_codes]).toEqual([status, [code]]);
});

it('a person who goes back to a form, or to nowhere, sees a page', async () => {
  for (const [url, status, code] of [
    ['/common/login', 400, 'AADSTS900561'],
    ['/nowhere', 404, 'AADSTS90056'],
  ] as const) {
    const answer = await send('GET', url, { accept: 'text/html,application/xhtml+xml' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(answer.body).toContain(code);
  }
});

it('a program that takes anything is not taken for a browser', async () => {
  const javas = { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' };
  const answer = await send('POST', '/common/oauth2/v9.0/token', javas);
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error]).toEqual([404, 'invalid_request']);
});

it.each<[Method, string]>([
  ['GET', '/common/.well-known/openid-configuration'],
  ['GET', '/common/oauth2/v2.0/authorize'],
  ['GET', '/common/oauth2/logout'],
  ['GET', '/nowhere'],
  ['POST', '/common/oauth2/v2.0/token'],
  ['POST', '/common/oauth2/v2.0/devicecode'],
])('%s %s: the answer has an id of its own and gives the client its id back', async (method, url) => {
  const id = '7f6e5d4c-1111-4222-8333-0123456789ab';
  const { headers, body } = await send(method, url, {
    'client-request-id': id.toUpperCase(),
    'return-client-request-id': 'True',
  });
  expect(headers['x-ms-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expect(headers['client-request-id']).toBe(id);
  const [, named] = /(?:Trace ID: |Request Id<\/dt><dd>)([0-9a-f-]+)/.exec(body) ?? [];
  expect([undefined, headers['x-ms-request-id']]).toContain(named);
});

it.each([
  ['no type', ''],
  ['nonsense for a type', 'garbage'],
])('a body with %s is a bad request like any other', async (_name, type) => {
  const answer = await entra.app.inject({
    method: 'POST',
    url: '/common/oauth2/token',
    headers: { 'content-type': type },
    payload: 'grant_type=password',
  });
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error]).toEqual([400, 'invalid_request']);
});

it('a body that is too large is told in the form of OAuth', async () => {
  const answer = await entra.app.inject({
    method: 'POST',
    url: '/common/oauth2/token',
    headers: asForm,
    payload: `a=${'x'.repeat(2_000_000)}`,
  });
  expect([answer.statusCode, answer.json<Record<string, unknown>>().error_codes]).toEqual([413, [90004]]);
});

it('pages of other origins may ask for device codes and read what comes back', async () => {
  const origin = 'http://localhost:3000';
  const url = '/common/oauth2/v2.0/devicecode';
  const preflight = await send('OPTIONS', url, { origin, 'access-control-request-method': 'POST' });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-methods']).toBe('POST, OPTIONS');
  expect((await send('POST', url, { origin })).headers['access-control-allow-origin']).toBe(origin);
});
