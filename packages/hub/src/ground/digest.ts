import { hash } from 'node:crypto';

/**
 * What is stored of a key, a session or a one-time code. They are 256 random bits, so a plain SHA-256 is enough:
 * nothing to guess, nothing to slow down.
 */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
