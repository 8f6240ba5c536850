import { randomBytes, randomUUID } from 'node:crypto';

/** Chance is handed in: tests decide what comes, nothing calls `crypto` for it by itself. */
export interface Random {
  bytes(size: number): Buffer;
  /** A GUID of version 4, lower case. */
  guid(): string;
  /** Evenly spread, from 0 up to but not including 1; for spreading times, never for secrets. */
  fraction(): number;
}

export const systemRandom: Random = {
  bytes: (size) => randomBytes(size),
  guid: () => randomUUID(),
  fraction: () => Math.random(),
};
