import { createSecureContext, type SecureContext } from 'node:tls';
import type { CertificatePair } from '../certificate-pair.ts';

/** Gives the TLS context to answer a host name with. */
export type LeafCertificates = (host: string) => Promise<SecureContext>;

/**
 * Makes certificates for host names when they are first asked for, signed by the local authority, and keeps them in
 * memory. The caller decides for which names: each stays for good.
 *
 * @param now epoch milliseconds of the machine's clock, against which TLS clients check
 */
export function createLeafCertificates(authority: CertificatePair, now: () => number): LeafCertificates {
  const contexts = new Map<string, Promise<SecureContext>>();
  return (host) => {
    const known = contexts.get(host);
    if (known) return known;
    const made = makeContext(authority, host, now());
    contexts.set(host, made);
    return made;
  };
}

async function makeContext(authority: CertificatePair, host: string, now: number): Promise<SecureContext> {
  const { makeServerCertificate } = await import('../make-certificates.ts');
  const { certificate, privateKey } = await makeServerCertificate(authority, [host], now);
  return createSecureContext({ cert: certificate, key: privateKey });
}
