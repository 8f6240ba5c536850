import { createHash } from 'node:crypto';

const guidHexLength = 32;

/**
 * A GUID that is the same on every machine for the same name (RFC 9562 §5.8, version 8 over SHA-256), so that
 * seeded objects keep their ids in every test and every new data folder.
 */
export function stableGuid(name: string): string {
  const hex = createHash('sha256').update(`latchkey:${name}`).digest('hex').slice(0, guidHexLength);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
