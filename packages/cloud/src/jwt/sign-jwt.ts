import { sign } from 'node:crypto';
import type { SigningKey } from './signing-keys.ts';

/**
 * Signs claims as an RS256 JWT (RFC 7515, RFC 7519). The asynchronous form of `crypto.sign` works on the
 * thread pool: nearly twice the throughput of signing on the event loop.
 */
export function signJwt(
  key: SigningKey,
  claims: object,
  header: Record<string, string> = {},
): Promise<string> {
  const input = signingInput(key, claims, header);
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', Buffer.from(input), key.privateKey, (error, signature) => {
      if (error) reject(error);
      else resolve(`${input}.${signature.toString('base64url')}`);
    });
  });
}

/** The same, at once, for pages: it holds the event loop for a millisecond. */
export function signJwtAtOnce(key: SigningKey, claims: object, header: Record<string, string> = {}): string {
  const input = signingInput(key, claims, header);
  return `${input}.${sign('RSA-SHA256', Buffer.from(input), key.privateKey).toString('base64url')}`;
}

/** The header of an access token besides type, algorithm and key: v1-shaped ones name the key by `x5t`, too. */
export function accessTokenHeader(
  { kid }: SigningKey,
  { tokenVersion }: { tokenVersion: 1 | 2 },
): Record<string, string> {
  return tokenVersion === 1 ? { x5t: kid } : {};
}

function signingInput(key: SigningKey, claims: object, header: Record<string, string>): string {
  return `${encode({ typ: 'JWT', alg: 'RS256', ...header, kid: key.kid })}.${encode(claims)}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
