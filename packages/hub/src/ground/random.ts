import { randomBytes } from 'node:crypto';

/** Chance is handed in like the clock. */
export interface Random {
  bytes(count: number): Buffer;
}

/** Asking the system for a few bytes costs as much as for so many. */
const pooledBytes = 4096;

/** @returns random bytes of a source: small requests are served from one large one, each byte once */
export function createPooledRandom(source: (count: number) => Buffer): Random {
  let pool: Buffer = Buffer.alloc(0);
  return {
    bytes(count) {
      if (count > pooledBytes) return source(count);
      if (pool.length < count) pool = source(pooledBytes);
      const taken = Buffer.from(pool.subarray(0, count));
      // What was handed out, a key maybe, is to be found nowhere else.
      pool.fill(0, 0, count);
      pool = pool.subarray(count);
      return taken;
    },
  };
}

export const systemRandom: Random = createPooledRandom(randomBytes);

const secretBytes = 32;

/** @returns 256 random bits as text, 43 characters of base64url: a ticket, a state, a cookie, a code verifier */
export function createSecret(random: Random): string {
  return random.bytes(secretBytes).toString('base64url');
}
