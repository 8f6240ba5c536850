import type { Random } from '../ground/random.ts';
import { VaultError } from './vault-error.ts';

/** A key of AES-256, and the id that sealed texts name it by. */
export interface VaultKey {
  id: string;
  secret: Buffer;
}

const keyBytes = 32;
const keyIdBytes = 4;

/**
 * Reads `id:base64[,id:base64…]`. The first key seals, all of them open.
 *
 * @param source where the text is from, for the message
 * @throws VaultError `keys_malformed`; it names the place of the wrong entry, never its text
 */
export function parseVaultKeys(text: string, source: string): VaultKey[] {
  const keys = text
    .trim()
    .split(/[\s,]+/)
    .map((entry, index) => parseVaultKey(entry, `${source}, entry ${index + 1}`));
  refuseTwins(keys, source);
  return keys;
}

/** @throws VaultError `keys_malformed` where two keys have one id */
export function refuseTwins(keys: readonly { id: string }[], source: string): void {
  const ids = new Set(keys.map((key) => key.id));
  if (ids.size < keys.length) throw new VaultError('keys_malformed', `${source} has one key id twice`);
}

/**
 * Reads one entry, `id:base64`.
 *
 * @param place where it is from, for the message
 * @throws VaultError `keys_malformed`
 */
export function parseVaultKey(entry: string, place: string): VaultKey {
  const [, id, base64] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(entry) ?? [];
  if (id === undefined || base64 === undefined) throw new VaultError('keys_malformed', place);
  const secret = Buffer.from(base64, 'base64');
  if (secret.length !== keyBytes) {
    throw new VaultError('keys_malformed', `${place} has ${secret.length} bytes instead of ${keyBytes}`);
  }
  return { id, secret };
}

/** @returns a fresh key with an id by chance */
export function generateVaultKey(random: Random): VaultKey {
  return { id: random.bytes(keyIdBytes).toString('hex'), secret: random.bytes(keyBytes) };
}

/** @returns a key as the key file and LATCHKEY_KEYS have it: a secret */
export function formatVaultKey({ id, secret }: VaultKey): string {
  return `${id}:${secret.toString('base64')}`;
}
