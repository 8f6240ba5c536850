import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

/** A new key with its certificate, both DER in Base64. */
export interface MadeSigningKey {
  /** PKCS #8. */
  privateKey: string;
  certificate: string;
}

const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};
const certificateYears = 5;

/** Makes a key that signs tokens, with a certificate as those of Entra ID are named. Takes up to a third of a second. */
export async function makeSigningKey(): Promise<MadeSigningKey> {
  const keys = await webcrypto.subtle.generateKey(rsa, true, ['sign', 'verify']);
  const notBefore = new Date();
  const notAfter = new Date(notBefore);
  notAfter.setFullYear(notAfter.getFullYear() + certificateYears);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    { name: 'CN=accounts.accesscontrol.windows.net', keys, notBefore, notAfter, signingAlgorithm: rsa },
    webcrypto,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    privateKey: Buffer.from(pkcs8).toString('base64'),
    certificate: Buffer.from(certificate.rawData).toString('base64'),
  };
}
