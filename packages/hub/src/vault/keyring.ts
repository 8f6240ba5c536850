import type { StartTimer } from '../ground/clock.ts';
import { VaultError } from './vault-error.ts';
import type { VaultKey } from './vault-key.ts';

/** The keys that a process has, as they are at the moment of asking: a rotation changes them while hubs run. */
export interface Keyring {
  /** The key that seals. */
  sealing(): VaultKey;
  /** @returns undefined for a key that is not here */
  find(id: string): VaultKey | undefined;
  /** All of them; the first seals. */
  all(): readonly VaultKey[];
  /** Learns of keys that others have made, where that takes asking somebody. */
  refresh(): Promise<void>;
  /** Goes on to learn of them until it is closed, where they can't be had at the moment they are met. */
  watch(startTimer: StartTimer): void;
  close(): void;
}

/**
 * Keys that stay as long as the process runs.
 *
 * @param keys the first seals
 * @throws VaultError `keys_malformed` when there is no key
 */
export function fixedKeyring(keys: readonly VaultKey[]): Keyring {
  const [sealing] = keys;
  if (!sealing) throw new VaultError('keys_malformed', 'there is no key');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    sealing: () => sealing,
    find: (id) => byId.get(id),
    all: () => keys,
    refresh: () => Promise.resolve(),
    watch: () => undefined,
    close: () => undefined,
  };
}
