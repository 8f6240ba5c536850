import { createServer } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { refreshTokenGrant } from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { requestToken } from './request-token.ts';

interface Dressed {
  status?: number;
  headers?: Record<string, string>;
  bytes: Uint8Array | string;
}

const json = { 'content-type': 'application/json' };
const good = { token_type: 'Bearer', access_token: 'access', refresh_token: 'refresh', expires_in: 3600 };

const dresses: [string, (text: string) => Dressed][] = [
  ['a byte order mark', (text) => ({ headers: json, bytes: `\uFEFF${text}` })],
  ['gzip', (text) => ({ headers: { ...json, 'content-encoding': 'gzip' }, bytes: gzipSync(text) })],
  ['gzip that is not told', (text) => ({ headers: json, bytes: gzipSync(text) })],
  ['br', (text) => ({ headers: { ...json, 'content-encoding': 'br' }, bytes: brotliCompressSync(text) })],
  ['deflate', (text) => ({ headers: { ...json, 'content-encoding': 'deflate' }, bytes: deflateSync(text) })],
  ['text/plain', (text) => ({ headers: { 'content-type': 'text/plain' }, bytes: text })],
  ['text/html', (text) => ({ headers: { 'content-type': 'text/html' }, bytes: text })],
  ['no content type', (text) => ({ bytes: text })],
  [
    'UTF-16',
    (text) => ({
      headers: { 'content-type': 'application/json; charset=utf-16le' },
      bytes: Buffer.from(text, 'utf16le'),
    }),
  ],
  [
    'a byte order mark beside another character set',
    (text) => ({
      headers: { 'content-type': 'application/json; charset=iso-8859-1' },
      bytes: `\uFEFF${text}`,
    }),
  ],
  [
    'a character set unheard of',
    (text) => ({ headers: { 'content-type': 'application/json; charset=x-y' }, bytes: text }),
  ],
];

let next: Dressed;
let hub: TestHub;
let origin: string;
const server = createServer((_request, response) => {
  response.writeHead(next.status ?? 200, next.headers);
  response.end(next.bytes);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  hub = await createTestHub({ cloud: { authority: origin, graph: origin, localEnvironments: [] } });
});
afterAll(async () => {
  await hub.close();
  server.close();
});
beforeEach(() => {
  next = { bytes: '' };
});

function request() {
  const endpoints = { authorizationEndpoint: `${origin}/authorize`, tokenEndpoint: `${origin}/token` };
  return requestToken(
    hub.context,
    { ...endpoints, clientId: 'app', credential: { kind: 'secret', secret: 's' } },
    'refresh_token',
    (c) => refreshTokenGrant(c, 'old'),
  );
}

describe('an answer of the token endpoint', () => {
  it.each(dresses)('brings its tokens, and its refusal, with %s', async (_what, dress) => {
    next = dress(JSON.stringify(good));
    expect(await request()).toMatchObject({
      ok: true,
      answer: { accessToken: 'access', refreshToken: 'refresh' },
    });
    for (const status of [400, 200]) {
      next = { ...dress(JSON.stringify({ error: 'invalid_grant' })), status };
      expect(await request()).toMatchObject({ ok: false, failure: { code: 'connection_needs_sign_in' } });
    }
  });

  it.each([
    ['status 203', 203, good, 'refresh'],
    ['an empty refresh token', 200, { ...good, refresh_token: '' }, null],
    ['a scope as a list', 200, { ...good, scope: ['a', 'b'] }, 'refresh'],
    ['no token_type', 200, { ...good, token_type: undefined }, 'refresh'],
    ['an empty token_type', 200, { ...good, token_type: '' }, 'refresh'],
    ['a token_type that is none', 200, { ...good, token_type: 1 }, 'refresh'],
  ])('brings its tokens with %s', async (_what, status, body, refreshToken) => {
    next = { status, headers: json, bytes: JSON.stringify(body) };
    expect(await request()).toMatchObject({ ok: true, answer: { accessToken: 'access', refreshToken } });
  });

  it('names what is missing', async () => {
    next = { headers: json, bytes: '{"token_type":"Bearer"}' };
    const failure = { code: 'token_endpoint_nonsense', message: expect.stringContaining('no access_token') };
    expect(await request()).toMatchObject({ ok: false, failure });
  });

  it('is an outcome, whatever it is', async () => {
    const encoding = fc.constantFrom('gzip', 'br', 'deflate', 'zstd', 'gzip, br', 'identity');
    const body = fc.oneof(
      fc.uint8Array(),
      fc.json(),
      fc
        .dictionary(fc.constantFrom(...Object.keys(good), 'error', 'scope'), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
    );
    const status = fc.constantFrom(200, 201, 203, 302, 400, 401, 429, 500);
    await fc.assert(
      fc.asyncProperty(body, fc.option(encoding), status, async (bytes, contentEncoding, code) => {
        const headers = { ...json, ...(contentEncoding !== null && { 'content-encoding': contentEncoding }) };
        next = { status: code, headers, bytes };
        expect(await request()).toHaveProperty('ok');
      }),
      { numRuns: 100 },
    );
  });
});
