import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import {
  type ClientCertificate,
  certificateCredential,
  certificateFacts,
  readClientCertificate,
} from './client-certificate.ts';
import { makeClientCertificate } from './make-client-certificate.ts';

const now = Date.UTC(2026, 10, 22, 12);
const day = 86_400_000;
let one: ClientCertificate;
let other: ClientCertificate;

beforeAll(async () => {
  [one, other] = await Promise.all([
    makeClientCertificate('Latchkey one', now, 90),
    makeClientCertificate('Latchkey other', now, 90),
  ]);
});

/** What a pasted text is refused with: where, why, and all that is said of it. */
function objectionTo(pasted: string) {
  try {
    readClientCertificate(pasted);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const [field] = error.options.fields ?? [];
    return { code: error.code, ...field, text: JSON.stringify(error.options) };
  }
  return { code: null, message: null, text: '' };
}

describe('a certificate that the hub makes', () => {
  it('is signed by itself, with an RSA key of 2048 bits, for as long as was asked', () => {
    const certificate = new X509Certificate(one.certificate);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe('CN=Latchkey one');
    expect(certificate.checkPrivateKey(createPrivateKey(one.privateKey))).toBe(true);
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(certificateFacts(one.certificate)).toEqual({
      thumbprint: createHash('sha1').update(certificate.raw).digest('hex').toUpperCase(),
      startsAt: now - 600_000,
      endsAt: now + 90 * day,
    });
    expect(one.privateKey).not.toBe(other.privateKey);
  });
});

describe('a pasted certificate', () => {
  it('is taken with its private key in either order, and the key is not in the public part', () => {
    for (const pasted of [one.privateKey + one.certificate, one.certificate + one.privateKey]) {
      const read = readClientCertificate(`Bag Attributes\n${pasted}`);
      expect(read.privateKey).toBe(one.privateKey);
      expect(new X509Certificate(read.certificate).raw).toEqual(new X509Certificate(one.certificate).raw);
      expect(read.certificate).not.toContain('PRIVATE');
    }
  });

  it.each([
    ['blanks in place of line breaks', (text: string) => text.replaceAll('\n', ' ')],
    ['no line breaks at all', (text: string) => text.replaceAll('\n', '')],
    ['line breaks of Windows', (text: string) => text.replaceAll('\n', '\r\n')],
  ])('is taken with %s', (_what, change) => {
    expect(readClientCertificate(change(one.privateKey + one.certificate)).privateKey).toBe(one.privateKey);
  });

  it('is taken with the older form of the key (PKCS #1)', () => {
    const older = createPrivateKey(one.privateKey).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(readClientCertificate(older + one.certificate).privateKey).toBe(one.privateKey);
  });

  it('is found among the certificates of a chain', () => {
    const read = readClientCertificate(other.certificate + one.certificate + one.privateKey);
    expect(new X509Certificate(read.certificate).subject).toBe('CN=Latchkey one');
  });

  it.each<[string, () => string, RegExp]>([
    ['no key', () => one.certificate, /no private key/],
    ['no certificate', () => one.privateKey, /no certificate/],
    ['another’s key', () => one.certificate + other.privateKey, /does not belong/],
    ['a key with a passphrase', () => one.certificate + encrypted('pkcs8'), /passphrase/],
    ['a key with a passphrase, older form', () => one.certificate + encrypted('pkcs1'), /passphrase/],
    ['a key that was cut off', () => one.certificate + cutOff(one.privateKey), /key can’t be read/],
    [
      'a certificate that was cut off',
      () => cutOff(one.certificate) + one.privateKey,
      /certificate can’t be read/,
    ],
    ['an elliptic key', () => one.certificate + ellipticKey(), /not RSA/],
    ['a short key', () => one.certificate + shortKey(), /shorter than 2048/],
  ])('is refused with %s, and nothing of it is repeated', (_what, make, expected) => {
    const pasted = make();
    const { text, ...objection } = objectionTo(pasted);
    expect(objection).toEqual({
      code: 'invalid_body',
      path: 'clientCertificate',
      message: expect.stringMatching(expected),
    });
    const secrets = pasted.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
    for (const line of secrets) expect(text).not.toContain(line);
  });

  function encrypted(type: 'pkcs1' | 'pkcs8'): string {
    const options = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' } as const;
    return createPrivateKey(one.privateKey)
      .export({ ...options, type })
      .toString();
  }
  function cutOff(pem: string): string {
    return pem.split('\n').toSpliced(3, 4).join('\n');
  }
  function ellipticKey(): string {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }
  function shortKey(): string {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  }
});

describe('a stored certificate', () => {
  it('is named by its SHA-256', () => {
    const raw = new X509Certificate(one.certificate).raw;
    expect(certificateCredential(one)).toEqual({
      kind: 'certificate',
      privateKey: one.privateKey,
      thumbprint: createHash('sha256').update(raw).digest('base64url'),
    });
  });

  it('is damaged where it can’t be read any more', () => {
    expect(() => certificateCredential({ ...one, certificate: 'none' })).toThrow(DamagedValueError);
    expect(certificateFacts('none')).toBeNull();
  });
});
