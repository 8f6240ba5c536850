import { millisecondsPerDay } from '../../ground/durations.ts';
import 'reflect-metadata';
import { constants, createHash, KeyObject, sign, webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import type { KeyCredential } from '../../directory/application-document.ts';
import { stableGuid } from '../../directory/stable-guid.ts';

/** A certificate that a client signs assertions with. */
export interface ClientCertificate {
  privateKey: KeyObject;
  /** Base64 DER. */
  certificate: string;
  /** The certificate as an application keeps it. */
  credential: KeyCredential;
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** Makes a self-signed certificate that lives from yesterday on for some days. */
export async function makeClientCertificate(now: number, days = 30): Promise<ClientCertificate> {
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const [notBefore, notAfter] = [
    new Date(now - millisecondsPerDay),
    new Date(now + days * millisecondsPerDay),
  ];
  const made = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=integration', keys, notBefore, notAfter, signingAlgorithm: rsa },
    webcrypto,
  );
  const certificate = Buffer.from(made.rawData).toString('base64');
  return {
    privateKey: KeyObject.from(keys.privateKey),
    certificate,
    credential: {
      keyId: stableGuid(certificate),
      displayName: 'integration',
      customKeyIdentifier: thumbprint(certificate, 'sha1').toString('hex').toUpperCase(),
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      startDateTime: notBefore.toISOString(),
      endDateTime: notAfter.toISOString(),
      key: certificate,
    },
  };
}

/** Signs a client assertion, well or badly as the test wants. */
export function signAssertion(
  { privateKey, certificate }: ClientCertificate,
  claims: object,
  {
    alg = 'RS256',
    header = {},
    encode = (part) => part.toString('base64url'),
  }: {
    alg?: string;
    header?: Record<string, string | undefined>;
    encode?: (part: Buffer) => string;
  } = {},
): string {
  const named = { x5t: thumbprint(certificate, 'sha1').toString('base64url'), ...header };
  const text = [{ typ: 'JWT', alg, ...named }, claims]
    .map((part) => encode(Buffer.from(JSON.stringify(part))))
    .join('.');
  if (alg === 'none') return `${text}.`;
  const isPss = alg === 'PS256';
  const signature = sign('RSA-SHA256', Buffer.from(text), {
    key: privateKey,
    padding: isPss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING,
    ...(isPss && { saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  });
  return `${text}.${encode(signature)}`;
}

/** The `x5t` of a certificate as careless libraries write it: padded, in the alphabet of plain base64. */
export function paddedThumbprint({ certificate }: ClientCertificate): string {
  return thumbprint(certificate, 'sha1').toString('base64');
}

/** The `x5t#S256` of a certificate. */
export function sha256Thumbprint({ certificate }: ClientCertificate): string {
  return thumbprint(certificate, 'sha256').toString('base64url');
}

function thumbprint(certificate: string, hash: 'sha1' | 'sha256'): Buffer {
  return createHash(hash).update(Buffer.from(certificate, 'base64')).digest();
}
