import { randomBytes } from 'node:crypto';

/** Chance is handed in like the clock. */
export interface Random {
  bytes(count: number): Buffer;
}

export const systemRandom: Random = { bytes: (count) => randomBytes(count) };
