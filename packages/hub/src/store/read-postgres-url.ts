import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { StoreError } from './store-error.ts';

/** How the driver is told to connect. */
export interface PostgresAddress {
  /** The URL without what `ssl` says. */
  connectionString: string;
  /** Undefined where the URL says nothing. */
  ssl: false | ConnectionOptions | undefined;
  /** Taken out as well: the driver would turn TLS on for it, over what is said here. */
  sslnegotiation?: 'direct';
}

/** Parameters of a connection URL that are about TLS, by libpq's names and the driver's `ssl`. */
const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'ssl', 'sslnegotiation'] as const;

/**
 * Reads what a connection URL says about TLS, which the driver would read with a warning. As with the driver, every mode
 * that asks for TLS checks the server's certificate, and `require` and `prefer` never go on in clear; of libpq's own
 * (https://www.postgresql.org/docs/current/libpq-ssl.html) `verify-ca` passes over the host's name, `sslrootcert=system`
 * is the authorities that are trusted anyway, and `no-verify` is the driver's, for TLS without a check.
 *
 * @throws StoreError `database_certificate_unreadable`
 */
export function readPostgresUrl(url: string): PostgresAddress {
  const address = new URL(url);
  const [mode, rootFile, certificateFile, keyFile, on, negotiation] = tlsParameters.map((name) => {
    const value = address.searchParams.get(name);
    address.searchParams.delete(name);
    return value || undefined;
  });
  const isDirect = negotiation === 'direct';
  const isMeant = [mode, rootFile, certificateFile].some((value) => value !== undefined) || isDirect;
  if (!isMeant && on === undefined) return { connectionString: url, ssl: undefined };
  const connectionString = address.href;
  const isOff = mode === 'disable' || (!isMeant && on !== '1' && on !== 'true');
  if (isOff) return { connectionString, ssl: false };
  return {
    connectionString,
    ssl: {
      ...(rootFile !== undefined && rootFile !== 'system' && { ca: readPem(rootFile) }),
      ...(certificateFile !== undefined && { cert: readPem(certificateFile) }),
      ...(keyFile !== undefined && { key: readPem(keyFile) }),
      ...(mode === 'no-verify' && { rejectUnauthorized: false }),
      ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    },
    ...(isDirect && { sslnegotiation: 'direct' }),
  };
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new StoreError('database_certificate_unreadable', `${file}${reason}`, { cause });
  }
}
