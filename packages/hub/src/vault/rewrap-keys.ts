import type { HubConfig } from '../config/config.ts';
import type { WrappingKeyConfig } from '../config/read-wrapping-key.ts';
import { type Random, systemRandom } from '../ground/random.ts';
import { isWrapped } from './kept-key.ts';
import { keepKeys, openKeptKeys } from './key-source.ts';
import { keyFileOf, readKeyFile, removeDrafts, versionOfKeyFile, writeKeyFile } from './read-key-file.ts';
import { VaultError } from './vault-error.ts';
import type { KeyWrapper } from './wrapping/key-wrapper.ts';
import { openKeyWrapper } from './wrapping/open-key-wrapper.ts';

export interface RewrapOptions {
  /** Whether the keys are to be wrapped, or bare. */
  to: 'wrapped' | 'bare';
  /** The key that has wrapped them, where it is another than the configured one. */
  from: WrappingKeyConfig | null;
  random?: Random;
  /** Instead of the services that the addresses name. */
  open?: (key: WrappingKeyConfig) => KeyWrapper;
}

/** How the keys of the key file are kept from now on. */
export interface Rewrapping {
  place: string;
  /** By the keys' ids; null for a bare one. */
  wrappedBy: ReadonlyMap<string, string | null>;
}

/**
 * Wraps the keys of the key file by the configured wrapping key, by its current version; or puts them there bare. The keys
 * stay the same ones, so that hubs at work have nothing to learn. Each is proven to be unwrapped again before the file is
 * replaced, whole: killed at any moment, the old file is there or the new one, and either can be read.
 *
 * @throws VaultError `keys_kept_elsewhere`, `wrapping_key_unset`, `key_file_changed`, those of the service, and those of reading the
 *   file
 */
export async function rewrapKeys(
  { keys, wrappingKey, dataFolder }: Pick<HubConfig, 'keys' | 'wrappingKey' | 'dataFolder'>,
  { to, from, random = systemRandom, open = openKeyWrapper }: RewrapOptions,
): Promise<Rewrapping> {
  if (keys !== null) throw new VaultError('keys_kept_elsewhere', 'LATCHKEY_KEYS gives them');
  const configured = wrappingKey && open(wrappingKey);
  if (to === 'wrapped' && configured === null) {
    throw new VaultError('wrapping_key_unset', 'LATCHKEY_WRAPPING_KEY is not set');
  }
  const version = versionOfKeyFile(dataFolder);
  const kept = readKeyFile(dataFolder);
  const opened = await openKeptKeys(from === null ? configured : open(from), kept);
  const written = await keepKeys(to === 'wrapped' ? configured : null, opened, []);
  writeKeyFile(dataFolder, written, { random, version });
  if (to === 'wrapped') removeDrafts(dataFolder);
  return {
    place: keyFileOf(dataFolder),
    wrappedBy: new Map(written.map((key) => [key.id, isWrapped(key) ? key.wrappedBy : null])),
  };
}
