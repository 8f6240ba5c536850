import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { AuthorityConfig } from '../config/config.ts';

/** A part of the options of a connection; empty where Node's own store has all that is trusted. */
export interface Trust {
  secureContext?: SecureContext;
}

/**
 * Makes the TLS context of all outbound calls, once: reading hundreds of certificates anew for each connection would
 * cost more than the connection.
 *
 * @param caCertificates PEM certificates of further authorities
 */
export function createTrust({ extra, system }: AuthorityConfig, caCertificates: readonly string[]): Trust {
  const wanted = [...extra, ...caCertificates, ...(system ? getCACertificates('system') : [])];
  if (wanted.length === 0) return {};
  const known = getCACertificates('default');
  // Node has read NODE_EXTRA_CA_CERTS and the system's store by itself when the variables were set at its start.
  const knownTexts = new Set(known.map(textOf));
  const missing = wanted.filter((certificate) => !knownTexts.has(textOf(certificate)));
  return missing.length === 0 ? {} : { secureContext: createSecureContext({ ca: [...known, ...missing] }) };
}

/** The same certificate may be broken into lines in another way. */
function textOf(pem: string): string {
  return pem.replace(/\s/g, '');
}
