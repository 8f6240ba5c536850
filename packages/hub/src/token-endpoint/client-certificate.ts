import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { HubError } from '../errors/hub-error.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import type { ClientCredential } from './client-credential.ts';

/** A certificate that an application proves itself by, with the private key that belongs to it. */
export interface ClientCertificate {
  /** PKCS #8 in PEM. A secret. */
  privateKey: string;
  /** X.509 in PEM; the public part, as the application is registered with it. */
  certificate: string;
}

/** What anybody may know of a certificate. */
export interface CertificateFacts {
  /** SHA-1 in capital hexadecimal digits, as the portal shows it. */
  thumbprint: string;
  /** Epoch milliseconds. */
  startsAt: number;
  endsAt: number;
}

const field = 'clientCertificate';
/** Entra ID takes no shorter key. */
const shortestModulus = 2048;
const pemBlocks = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs;
const charactersALine = 64;

/**
 * Reads what a person pasted: a certificate and its private key in PEM, in either order, with line breaks or without.
 * Further certificates (the chain of an authority) are left out, since Entra ID compares the one alone.
 *
 * @throws HubError `invalid_body` at the field `clientCertificate`; no message repeats anything of the text
 */
export function readClientCertificate(pasted: string): ClientCertificate {
  const blocks = [...pasted.matchAll(pemBlocks)].map(([, label = '', base64 = '']) => ({ label, base64 }));
  const keyBlock = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE');
  if (!keyBlock)
    throw unusable('There is no private key: paste the PEM with -----BEGIN PRIVATE KEY-----, too.');
  if (certificates.length === 0)
    throw unusable('There is no certificate: paste the PEM with -----BEGIN CERTIFICATE-----, too.');
  const privateKey = readPrivateKey(keyBlock);
  const certificate = certificates.map(readCertificate).find((read) => read.checkPrivateKey(privateKey));
  if (!certificate) throw unusable('The private key does not belong to the certificate.');
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: certificate.toString(),
  };
}

/**
 * @returns the credential that a stored certificate is
 * @throws DamagedValueError when it is none any more
 */
export function certificateCredential({ privateKey, certificate }: ClientCertificate): ClientCredential {
  const read = attempt(() => new X509Certificate(certificate));
  if (!read) throw new DamagedValueError('The stored certificate can’t be read.');
  const thumbprint = createHash('sha256').update(read.raw).digest('base64url');
  return { kind: 'certificate', privateKey, thumbprint };
}

/** @returns what a stored certificate says of itself; null when it is none any more. @param certificate X.509 in PEM */
export function certificateFacts(certificate: string): CertificateFacts | null {
  const read = attempt(() => new X509Certificate(certificate));
  if (!read) return null;
  const { fingerprint, validFromDate, validToDate } = read;
  return {
    thumbprint: fingerprint.replaceAll(':', ''),
    startsAt: validFromDate.getTime(),
    endsAt: validToDate.getTime(),
  };
}

interface PemBlock {
  label: string;
  base64: string;
}

/** A line break may have become a blank, or nothing, on the way through a form. */
function toPem({ label, base64 }: PemBlock): string {
  const lines = base64.replace(/\s+/g, '').match(new RegExp(`.{1,${charactersALine}}`, 'g')) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function readPrivateKey(block: PemBlock): KeyObject {
  // The older form names its cipher in headers before the key itself (RFC 1421 §4.6.1.3).
  if (block.label === 'ENCRYPTED PRIVATE KEY' || block.base64.includes('ENCRYPTED')) {
    throw unusable(
      'The private key has a passphrase: take it off first (openssl pkey -in key.pem -out plain.pem).',
    );
  }
  const key = attempt(() => createPrivateKey(toPem(block)));
  if (!key) throw unusable('The private key can’t be read: copy all of it, from -----BEGIN to -----.');
  if (key.asymmetricKeyType !== 'rsa')
    throw unusable('The private key is not RSA: Microsoft Entra ID takes no other.');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < shortestModulus)
    throw unusable(`The private key is shorter than ${shortestModulus} bits.`);
  return key;
}

function readCertificate(block: PemBlock): X509Certificate {
  const certificate = attempt(() => new X509Certificate(toPem(block)));
  if (!certificate)
    throw unusable('The certificate can’t be read: copy all of it, from -----BEGIN to -----.');
  return certificate;
}

/** OpenSSL has a code of its own for each way to be no key, and its messages may quote the text. */
function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function unusable(message: string): HubError {
  return new HubError('invalid_body', { fields: [{ path: field, message }] });
}
