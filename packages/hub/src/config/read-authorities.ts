import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AuthorityConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const extraVariable = 'NODE_EXTRA_CA_CERTS';

/**
 * Reads the certificates of own authorities by the variables that Node itself goes by. Node passes over a file that it
 * can't read with a warning, and every call would fail later; here it ends the start.
 *
 * @param read gives a variable's text, null where it is not set
 * @throws ConfigError for a file that can't be read, or has no certificate, or a broken one
 */
export function readAuthorities(read: (variable: string) => string | null): AuthorityConfig {
  const file = read(extraVariable);
  return { extra: file === null ? [] : readCertificates(file), system: read('NODE_USE_SYSTEM_CA') === '1' };
}

function readCertificates(file: string): string[] {
  const refuse = (problem: string) =>
    new ConfigError(extraVariable, {
      problem,
      remedy:
        'Write the path of a file that this user may read, with the certificates of your authorities in PEM (-----BEGIN CERTIFICATE-----).',
    });
  const certificates = readText(file, refuse).match(
    /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs,
  );
  if (!certificates) throw refuse(`names a file without a certificate: ${file}`);
  for (const [index, certificate] of certificates.entries()) {
    if (!isCertificate(certificate))
      throw refuse(`names a file whose certificate ${index + 1} is broken: ${file}`);
  }
  return certificates;
}

function readText(file: string, refuse: (problem: string) => ConfigError): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw refuse(`names a file that can’t be read${reason}: ${file}`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // OpenSSL’s own codes, one for each way to be none.
    return false;
  }
}
