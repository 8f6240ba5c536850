import type { Random } from '../ground/random.ts';

const secretBytes = 32;

/** @returns 256 random bits as text: a ticket, a state, a browser's cookie, a code verifier (RFC 7636 §4.1) */
export function createSecret(random: Random): string {
  return random.bytes(secretBytes).toString('base64url');
}

/** @returns whether a text can be such a secret */
export function isSecret(text: string | undefined): text is string {
  return text !== undefined && /^[\w-]{43}$/.test(text);
}
