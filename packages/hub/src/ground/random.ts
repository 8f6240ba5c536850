import { randomBytes } from 'node:crypto';

/** Chance is handed in like the clock. */
export interface Random {
  bytes(count: number): Buffer;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };

const secretBytes = 32;

/** @returns 256 random bits as text, 43 characters of base64url: a ticket, a state, a cookie, a code verifier */
export function createSecret(random: Random): string {
  return random.bytes(secretBytes).toString('base64url');
}
