import type { Random } from '../ground/random.ts';

/** @returns ids that differ between processes by their beginning and within one by their count */
export function createRequestIds(random: Random): () => string {
  const process = random.bytes(9).toString('base64url');
  let count = 0;
  return () => {
    count += 1;
    return `${process}-${count.toString(36)}`;
  };
}
