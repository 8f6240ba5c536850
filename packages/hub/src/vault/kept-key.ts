import { parseWrappingKey } from '../config/read-wrapping-key.ts';
import { VaultError } from './vault-error.ts';
import { formatVaultKey, parseVaultKey, refuseTwins, type VaultKey } from './vault-key.ts';

/** A key as the key file has it where a key of a service wraps it: by itself it opens nothing. */
export interface WrappedKey {
  id: string;
  /** The address of the key that has wrapped it, with its version where it has versions. */
  wrappedBy: string;
  wrapped: Buffer;
}

/** A key as the key file has it, bare or wrapped. */
export type KeptKey = VaultKey | WrappedKey;

/** Id, address and wrapped text of a line of its own. */
const wrappedLine = /^([A-Za-z0-9_-]{1,32}) ((?:https:|arn:)\S+) ([A-Za-z0-9_-]{1,8192})$/;

/** @returns whether a key is wrapped */
export function isWrapped(key: KeptKey): key is WrappedKey {
  return 'wrapped' in key;
}

/**
 * Reads a key file: bare keys as in LATCHKEY_KEYS, wrapped ones a line each. The first key seals, all of them open.
 *
 * @param source the file, for the message
 * @throws VaultError `keys_malformed`; it names the place of the wrong entry, never its text
 */
export function parseKeptKeys(text: string, source: string): KeptKey[] {
  const entries = text
    .trim()
    .split(/\r?\n/)
    .flatMap((line) => (wrappedLine.test(line) ? [line] : line.trim().split(/[\s,]+/)));
  const keys = entries.map((entry, index) => parseEntry(entry, `${source}, entry ${index + 1}`));
  refuseTwins(keys, source);
  return keys;
}

function parseEntry(entry: string, place: string): KeptKey {
  const [, id, wrappedBy, text] = wrappedLine.exec(entry) ?? [];
  if (id === undefined || wrappedBy === undefined || text === undefined) return parseVaultKey(entry, place);
  if (!parseWrappingKey(wrappedBy)) throw new VaultError('keys_malformed', place);
  return { id, wrappedBy, wrapped: Buffer.from(text, 'base64url') };
}

/** @returns keys as the key file has them: a secret, where one of them is bare */
export function formatKeptKeys(keys: readonly KeptKey[]): string {
  const lines = keys.map((key) =>
    isWrapped(key) ? `${key.id} ${key.wrappedBy} ${key.wrapped.toString('base64url')}` : formatVaultKey(key),
  );
  return `${lines.join('\n')}\n`;
}
