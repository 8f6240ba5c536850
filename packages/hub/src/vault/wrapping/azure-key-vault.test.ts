import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { AuthenticationError } from '@azure/identity';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseWrappingKey } from '../../config/read-wrapping-key.ts';
import { openTestProxy, type ProxyAnswer, type TestConnectProxy } from '../../testing/open-connect-proxy.ts';
import { serveKeyVault, type TestKeyVault } from '../testing/serve-key-vault.ts';
import type { VaultError } from '../vault-error.ts';
import type { VaultKey } from '../vault-key.ts';
import { explainKeyVaultFailure } from './azure-key-vault.ts';
import { type KeyWrapper, unwrapKey, wrapKey } from './key-wrapper.ts';
import { openKeyWrapper } from './open-key-wrapper.ts';

const token = 'the~token-of-the-managed-identity';
const key: VaultKey = { id: 'a1', secret: randomBytes(32) };

let vault: TestKeyVault;
let proxy: TestConnectProxy;
/** App Service's endpoint for managed identities. */
let platform: Server;
/** Of all tests: a token serves for as long as it lives. */
const asked: string[] = [];
let wayOut: ProxyAnswer | null;
const trusted = getCACertificates('default');

beforeAll(async () => {
  platform = createServer((request, response) => {
    asked.push(`${request.url} ${String(request.headers['x-identity-header'])}`);
    const expires_on = Math.floor(Date.now() / 1000) + 3600;
    response.end(JSON.stringify({ access_token: token, expires_on, resource: '', token_type: 'Bearer' }));
  });
  await once(platform.listen(0, '127.0.0.1'), 'listening');
  proxy = await openTestProxy(() => wayOut ?? { port: vault.port });
});
afterAll(async () => {
  platform.close();
  await proxy.close();
  setDefaultCACertificates(trusted);
});

beforeEach(async () => {
  wayOut = null;
  vault = await serveKeyVault();
  setDefaultCACertificates([...trusted, vault.certificate]);
  const address = platform.address();
  if (address === null || typeof address === 'string') throw new Error('The platform has no port.');
  vi.stubEnv('HTTPS_PROXY', proxy.origin);
  vi.stubEnv('NO_PROXY', '127.0.0.1');
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${address.port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'the-header');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await vault.close();
});

function open(address: string = vault.keyAddress, patience?: number): KeyWrapper {
  const config = parseWrappingKey(address);
  if (!config) throw new Error(`${address} is no address.`);
  return openKeyWrapper(config, patience === undefined ? {} : { patience });
}

const failureOf = (work: Promise<unknown>): Promise<VaultError> =>
  work.then(
    () => {
      throw new Error('It did not fail.');
    },
    (error: VaultError) => error,
  );

describe('a key of Azure Key Vault', () => {
  it('wraps by its current version, which is recorded, for the managed identity', async () => {
    const wrapped = await wrapKey(open(), key);
    expect(wrapped).toEqual({
      id: 'a1',
      wrappedBy: expect.stringMatching(/^https:\/\/contoso\.vault\.azure\.net\/keys\/latchkey\/[\da-f]{32}$/),
      wrapped: expect.any(Buffer),
    });
    expect(wrapped.wrapped.includes(key.secret)).toBe(false);
    expect(await unwrapKey(open(), wrapped)).toEqual(key);
    expect(new Set(asked)).toEqual(
      new Set([expect.stringMatching(/resource=https%3A%2F%2Fvault\.azure\.net.* the-header$/)]),
    );
    expect(new Set(vault.requests.map((request) => request.token))).toEqual(new Set([null, token]));
  });

  it('unwraps by the version that has wrapped, whatever is current', async () => {
    const wrapped = await wrapKey(open(), key);
    const newer = vault.rotate();
    expect(await unwrapKey(open(), wrapped)).toEqual(key);
    expect(await wrapKey(open(), key)).toMatchObject({ wrappedBy: newer });
  });

  it('with its version named is never read: wrapping and unwrapping are all the rights it takes', async () => {
    const version = vault.rotate();
    vault.rotate();
    const wrapped = await wrapKey(open(version), key);
    expect(wrapped.wrappedBy).toBe(version);
    expect(vault.requests.filter(({ line }) => line.startsWith('GET'))).toEqual([]);
  });

  it('is not asked for its facts to unwrap, which it still does when it has expired', async () => {
    const wrapped = await wrapKey(open(), key);
    vault.requests.length = 0;
    await unwrapKey(open(), wrapped);
    const path = new URL(wrapped.wrappedBy).pathname;
    expect(new Set(vault.requests.map(({ line }) => line))).toEqual(new Set([`POST ${path}/unwrapkey`]));
  });

  it.each([
    ['throttles', { status: 429, code: 'Throttled', message: 'Too many', headers: { 'retry-after': '0' } }],
    ['fails', { status: 503, code: 'Unavailable', message: 'Later', headers: { 'retry-after': '0' } }],
    ['fails without a word', { status: 500, code: 'InternalError', message: 'Oops' }],
  ])('is asked again when it %s', async (_what, refusal) => {
    const version = vault.rotate();
    vault.refusals.push(refusal, refusal);
    expect(await wrapKey(open(version), key)).toMatchObject({ wrappedBy: version });
  });

  it.each([
    [401, 'Unauthorized', undefined, 'wrapping_credentials_refused'],
    [403, 'Forbidden', 'ForbiddenByRbac', 'wrapping_key_forbidden'],
    [403, 'Forbidden', 'ForbiddenByFirewall', 'wrapping_key_forbidden'],
    [403, 'Forbidden', 'KeyDisabled', 'wrapping_key_unusable'],
    [404, 'KeyNotFound', undefined, 'wrapping_key_unusable'],
    [409, 'Conflict', 'ObjectIsBeingDeleted', 'wrapping_key_unusable'],
    [400, 'BadParameter', undefined, 'keys_not_unwrapped'],
  ])('that refuses with %i %s (%s) is told with its words', async (status, code, inner, expected) => {
    const wrapped = await wrapKey(open(), key);
    vault.refusals.push({ status, code, message: 'in the words\n of the service', ...(inner && { inner }) });
    const failure = await failureOf(unwrapKey(open(), wrapped));
    expect(failure).toMatchObject({
      code: expected,
      message: expect.stringContaining(
        `${wrapped.wrappedBy} (${status} ${code} in the words of the service)`,
      ),
    });
    expect(failure.cause).toBeUndefined();
  });

  it('that makes no sense of wrapping is no key for it: an elliptic one, say', async () => {
    vault.refusals.push({ status: 400, code: 'BadParameter', message: 'Operation not supported' });
    expect(await failureOf(wrapKey(open(vault.rotate()), key))).toMatchObject({
      code: 'wrapping_key_unusable',
    });
  });

  it('that was replaced by another one of its name does not give back what it never had', async () => {
    const wrapped = await wrapKey(open(), key);
    vault.replaceKey();
    expect(await failureOf(unwrapKey(open(), wrapped))).toMatchObject({ code: 'keys_not_unwrapped' });
  });

  it('does not pass one key for another, when their wrapped texts have changed places', async () => {
    const wrapped = await wrapKey(open(), key);
    expect(await failureOf(unwrapKey(open(), { ...wrapped, id: 'b2' }))).toMatchObject({
      code: 'keys_not_unwrapped',
      message: expect.stringContaining('"b2"'),
    });
  });

  it('is not asked to unwrap what another key has wrapped', async () => {
    const wrapped = { ...(await wrapKey(open(), key)), wrappedBy: `${vault.keyAddress}-2/${'a'.repeat(32)}` };
    vault.requests.length = 0;
    expect(await failureOf(unwrapKey(open(), wrapped))).toMatchObject({
      code: 'keys_wrapped_otherwise',
      message: expect.stringContaining(wrapped.wrappedBy),
    });
    expect(vault.requests).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['is out of reach', () => void vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')],
    [
      'is cut off',
      () => {
        wayOut = 'cut_off';
      },
    ],
    ['answers nonsense', () => void vault.refusals.push('nonsense')],
  ])('where it %s is unavailable, and nothing that was sent is repeated', async (_what, spoil) => {
    const version = vault.rotate();
    spoil();
    const failure = await failureOf(wrapKey(open(version), key));
    expect(failure).toMatchObject({ code: 'wrapping_service_unavailable' });
    for (const secret of [
      token,
      key.secret.toString('base64'),
      Buffer.from(`a1:${key.secret.toString('base64')}`).toString('base64url'),
    ]) {
      expect(`${failure.message} ${failure.stack}`).not.toContain(secret);
    }
  });

  it('behind a proxy that refuses is unavailable, and no password is told', async () => {
    wayOut = { text: 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n' };
    vi.stubEnv('HTTPS_PROXY', proxy.origin.replace('//', '//anna:the~password@'));
    const failure = await failureOf(wrapKey(open(vault.rotate()), key));
    expect(failure).toMatchObject({
      code: 'wrapping_service_unavailable',
      message: expect.stringContaining('(407 an answer that makes no sense)'),
    });
    expect(failure.message).not.toContain('the~password');
  });

  it('that says nothing is given up in time', async () => {
    const version = vault.rotate();
    vault.refusals.push('silence');
    expect(await failureOf(wrapKey(open(version, 300), key))).toMatchObject({
      code: 'wrapping_service_unavailable',
      message: expect.stringContaining('no whole answer within 0.3 s'),
    });
  });

  it('gets no token where its address is no vault of Microsoft’s', async () => {
    const failure = await failureOf(wrapKey(open('https://evil.example/keys/latchkey'), key));
    expect(failure).toMatchObject({
      message: expect.stringContaining('does not match the requested domain'),
    });
    expect(vault.requests.map((request) => request.token)).toEqual([null]);
  });

  it('without credentials anywhere says so', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', undefined);
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
    expect(await failureOf(wrapKey(open(), key))).toMatchObject({
      code: 'wrapping_credentials_refused',
      message: expect.stringContaining('there are none'),
    });
  });
});

it.each([
  [400, 'wrapping_credentials_refused'],
  [401, 'wrapping_credentials_refused'],
  [500, 'wrapping_service_unavailable'],
  [503, 'wrapping_service_unavailable'],
])('Entra ID that answers with %i to who asks for a token is told as what it is', (status, code) => {
  const error = new AuthenticationError(status, { error: 'a_code', error_description: 'AADSTS1: words' });
  const attempt = { address: 'address', status: null, whenBad: 'keys_not_unwrapped', sent: [] } as const;
  expect(explainKeyVaultFailure(error, attempt)).toMatchObject({
    code,
    message: expect.stringContaining('AADSTS1: words'),
  });
});
