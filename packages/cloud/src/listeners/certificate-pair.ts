import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

/** A certificate with its private key, both PEM. */
export interface CertificatePair {
  certificate: string;
  privateKey: string;
}

/**
 * Whether a stored pair still serves: readable, belonging together, signed by the authority when one is given,
 * naming all hosts, and good for the days to come.
 */
export function pairIsUsable(
  pair: CertificatePair,
  { authority, hosts, until }: { authority?: CertificatePair; hosts: readonly string[]; until: number },
): boolean {
  const certificate = parseOrUndefined(() => new X509Certificate(pair.certificate));
  const privateKey = parseOrUndefined(() => createPrivateKey(pair.privateKey));
  if (!certificate || !privateKey || !certificate.checkPrivateKey(privateKey)) return false;
  const issuer = authority && new X509Certificate(authority.certificate);
  if (issuer && !certificate.verify(issuer.publicKey)) return false;
  const named = hosts.every((host) =>
    isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host),
  );
  return named && certificate.validToDate.getTime() > until;
}

/** What OpenSSL can't read is not a reason to fail: it is made anew. */
function parseOrUndefined<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
