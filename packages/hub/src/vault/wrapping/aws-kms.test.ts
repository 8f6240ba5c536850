import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseWrappingKey } from '../../config/read-wrapping-key.ts';
import { openTestProxy } from '../../testing/open-connect-proxy.ts';
import { serveKms, type TestKms } from '../testing/serve-kms.ts';
import type { VaultError } from '../vault-error.ts';
import type { VaultKey } from '../vault-key.ts';
import { type KeyWrapper, unwrapKey, wrapKey } from './key-wrapper.ts';
import { openKeyWrapper } from './open-key-wrapper.ts';

const key: VaultKey = { id: 'a1', secret: randomBytes(32) };

let kms: TestKms;

beforeEach(async () => {
  kms = await serveKms();
  for (const [name, value] of Object.entries(kms.environment)) vi.stubEnv(name, value);
  // What the machine itself may have.
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await kms.close();
});

function open(
  address: string = kms.keyArn,
  { patience, proxy = {} }: { patience?: number; proxy?: Record<string, string> } = {},
): KeyWrapper {
  const config = parseWrappingKey(address, (name) => proxy[name] ?? null);
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

describe('a key of AWS KMS', () => {
  it('wraps and unwraps for who signs, in a context that names the key', async () => {
    const wrapped = await wrapKey(open(), key);
    expect(wrapped).toEqual({ id: 'a1', wrappedBy: kms.keyArn, wrapped: expect.any(Buffer) });
    expect(wrapped.wrapped.includes(key.secret)).toBe(false);
    expect(await unwrapKey(open(), wrapped)).toEqual(key);
    const context = { application: 'latchkey', key: 'a1' };
    expect(kms.requests).toEqual([
      { target: 'TrentService.Encrypt', keyId: kms.keyArn, context },
      { target: 'TrentService.Decrypt', keyId: kms.keyArn, context },
      { target: 'TrentService.Decrypt', keyId: kms.keyArn, context },
    ]);
  });

  it.each(['alias/latchkey', 'arn:aws:kms:eu-central-1:111122223333:alias/latchkey'])(
    'behind the alias %s is recorded as what it is, and still unwraps when the alias leads elsewhere',
    async (alias) => {
      const wrapped = await wrapKey(open(alias), key);
      expect(wrapped.wrappedBy).toBe(kms.keyArn);
      const newer = kms.moveAlias();
      expect(await unwrapKey(open(alias), wrapped)).toEqual(key);
      expect(await wrapKey(open(alias), key)).toMatchObject({ wrappedBy: newer });
    },
  );

  it('takes the region out of its ARN, whatever the environment says', async () => {
    vi.stubEnv('AWS_REGION', 'us-east-1');
    expect(await wrapKey(open(), key)).toMatchObject({ wrappedBy: kms.keyArn });
  });

  it('with a replica in this region unwraps what another region has wrapped', async () => {
    const mrk = 'key/mrk-1234abcd12ab34cd56ef1234567890ab';
    const here = `arn:aws:kms:eu-central-1:111122223333:${mrk}`;
    const there = `arn:aws:kms:us-east-1:111122223333:${mrk}`;
    kms.refusals.push({ type: 'DisabledException', message: '' });
    await failureOf(unwrapKey(open(here), { id: 'a1', wrappedBy: there, wrapped: Buffer.from('wrapped') }));
    expect(kms.requests).toMatchObject([{ keyId: here }]);
  });

  it.each([
    ['throttles', { type: 'ThrottlingException', message: 'Rate exceeded' }],
    ['fails', { type: 'KMSInternalException', message: '', status: 500 }],
    ['waits for others in vain', { type: 'DependencyTimeoutException', message: '', status: 503 }],
  ])('is asked again when it %s', async (_what, refusal) => {
    kms.refusals.push(refusal, refusal);
    expect(await wrapKey(open(), key)).toMatchObject({ wrappedBy: kms.keyArn });
  });

  it.each([
    ['AccessDeniedException', 'wrapping_key_forbidden'],
    ['UnrecognizedClientException', 'wrapping_credentials_refused'],
    ['ExpiredTokenException', 'wrapping_credentials_refused'],
    ['DisabledException', 'wrapping_key_unusable'],
    ['KMSInvalidStateException', 'wrapping_key_unusable'],
    ['NotFoundException', 'wrapping_key_unusable'],
    ['InvalidKeyUsageException', 'wrapping_key_unusable'],
    ['IncorrectKeyException', 'keys_not_unwrapped'],
    ['InvalidCiphertextException', 'keys_not_unwrapped'],
  ])('that refuses with %s is told with its words', async (type, code) => {
    const wrapped = await wrapKey(open(), key);
    kms.refusals.push({ type, message: 'in the words\n of the service' });
    const failure = await failureOf(unwrapKey(open(), wrapped));
    expect(failure).toMatchObject({
      code,
      message: expect.stringContaining(`${kms.keyArn} (${type}: in the words of the service)`),
    });
    expect(failure.cause).toBeUndefined();
  });

  it('that fails again and again is unavailable, whatever the name of the failure', async () => {
    const refusal = { type: 'NotFoundException', message: 'by a gateway', status: 502 };
    kms.refusals.push(...Array.from({ length: 9 }, () => refusal));
    expect(await failureOf(wrapKey(open(), key))).toMatchObject({ code: 'wrapping_service_unavailable' });
  });

  it('refuses who signs with another secret', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'another~secret');
    const failure = await failureOf(wrapKey(open(), key));
    expect(failure).toMatchObject({ code: 'wrapping_credentials_refused' });
    expect(failure.message).not.toContain('another~secret');
  });

  it('does not pass one key for another, when their wrapped texts have changed places', async () => {
    const wrapped = await wrapKey(open(), key);
    expect(await failureOf(unwrapKey(open(), { ...wrapped, id: 'b2' }))).toMatchObject({
      code: 'keys_not_unwrapped',
    });
  });

  it('that answers nonsense is unavailable, and nothing that was sent is repeated', async () => {
    kms.refusals.push(...Array.from({ length: 9 }, () => 'nonsense' as const));
    const failure = await failureOf(wrapKey(open(), key));
    expect(failure).toMatchObject({ code: 'wrapping_service_unavailable' });
    const sent = Buffer.from(`a1:${key.secret.toString('base64')}`);
    for (const secret of [key.secret.toString('base64'), sent.toString('base64')]) {
      expect(`${failure.message} ${failure.stack}`).not.toContain(secret);
    }
  });

  it('that nobody answers for is unavailable', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', 'http://127.0.0.1:9');
    expect(await failureOf(wrapKey(open(), key))).toMatchObject({
      code: 'wrapping_service_unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('that says nothing is given up in time', async () => {
    kms.refusals.push('silence');
    expect(await failureOf(wrapKey(open(kms.keyArn, { patience: 300 }), key))).toMatchObject({
      code: 'wrapping_service_unavailable',
      message: expect.stringContaining('no whole answer within 0.3 s'),
    });
  });

  it('is not asked any more once it was given up', async () => {
    const failing = { type: 'KMSInternalException', message: '', status: 500 };
    kms.refusals.push('silence', ...Array.from({ length: 9 }, () => failing));
    await failureOf(wrapKey(open(kms.keyArn, { patience: 300 }), key));
    const asked = kms.requests.length;
    // Longer than a request by itself may take.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect(kms.requests).toHaveLength(asked);
  });

  it('without credentials or a region anywhere says so', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    expect(await failureOf(wrapKey(open('alias/latchkey'), key))).toMatchObject({
      code: 'wrapping_key_unusable',
      message: expect.stringContaining('set AWS_REGION'),
    });
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    expect(await failureOf(wrapKey(open(), key))).toMatchObject({ code: 'wrapping_credentials_refused' });
  });

  it('is reached through the proxy, which the vendor’s client does not know by itself, and no password is told', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', undefined);
    const proxy = await openTestProxy(() => ({
      text: 'HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n',
    }));
    const address = proxy.origin.replace('//', '//anna:the~password@');
    const failure = await failureOf(wrapKey(open(kms.keyArn, { proxy: { HTTPS_PROXY: address } }), key));
    await proxy.close();
    expect(failure).toMatchObject({
      code: 'wrapping_service_unavailable',
      message: expect.stringContaining('403 Forbidden'),
    });
    expect(failure.message).not.toContain('the~password');
    expect(new Set(proxy.targets)).toEqual(new Set(['kms.eu-central-1.amazonaws.com:443']));
    expect(new Set(proxy.authorizations)).toEqual(
      new Set([`Basic ${Buffer.from('anna:the~password').toString('base64')}`]),
    );
  });
});
