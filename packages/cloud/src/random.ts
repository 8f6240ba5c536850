import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

/** Chance is handed in: tests decide what comes, nothing calls `crypto` for it by itself. */
export interface Random {
  bytes(size: number): Buffer;
  /** A GUID of version 4, lower case. */
  guid(): string;
  /** Evenly spread, from 0 up to but not including 1; for spreading times, never for secrets. */
  fraction(): number;
}

/** Asking the system costs as much for a few bytes as for many, so those for small wants are fetched together. */
const poolBytes = 8192;
const mostFromPool = 512;
let pool = Buffer.alloc(0);

/** @returns bytes that nobody else gets; the pool is never filled twice, so they stay as they are */
function takeBytes(size: number): Buffer {
  if (size > mostFromPool) return randomBytes(size);
  if (pool.length < size) pool = randomFillSync(Buffer.allocUnsafeSlow(poolBytes));
  const taken = pool.subarray(0, size);
  pool = pool.subarray(size);
  return taken;
}

export const systemRandom: Random = {
  bytes: takeBytes,
  guid: () => randomUUID(),
  fraction: () => Math.random(),
};
