import type { Random } from './random.ts';

const idBytes = 16;

/** @returns the id of a new row: a random UUID (version 4, RFC 9562 §5.4), which makes no hot spot in an index */
export function createId(random: Random): string {
  const bytes = random.bytes(idBytes);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
