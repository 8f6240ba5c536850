import { webcrypto } from 'node:crypto';
import { millisecondsPerDay, millisecondsPerMinute } from '../ground/durations.ts';
import type { ClientCertificate } from './client-certificate.ts';

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
/** So that it has begun by the clocks of others, too. */
const backdatedMilliseconds = 10 * millisecondsPerMinute;

/**
 * Makes a key and a certificate for it, signed by itself: Entra ID compares the certificate with the registered one and
 * asks no authority. The library for it is loaded with the first one. Takes up to a third of a second, off the event loop.
 *
 * @param commonName letters, digits, blanks and hyphens
 * @param now epoch milliseconds
 */
export async function makeClientCertificate(
  commonName: string,
  now: number,
  lifetimeDays: number,
): Promise<ClientCertificate> {
  // The library's decorators ask for it before anything else.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: `CN=${commonName}`,
      keys,
      notBefore: new Date(now - backdatedMilliseconds),
      notAfter: new Date(now + lifetimeDays * millisecondsPerDay),
      signingAlgorithm: rsa,
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { privateKey: toPem('PRIVATE KEY', pkcs8), certificate: certificate.toString('pem') };
}

function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
