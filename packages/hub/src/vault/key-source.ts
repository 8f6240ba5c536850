import type { HubConfig } from '../config/config.ts';
import type { Clock } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import { fileKeyring } from './file-keyring.ts';
import { isWrapped, type KeptKey } from './kept-key.ts';
import { fixedKeyring, type Keyring } from './keyring.ts';
import { keyFileOf, readKeyFile, versionOfKeyFile, writeKeyFile } from './read-key-file.ts';
import { VaultError } from './vault-error.ts';
import { generateVaultKey, parseVaultKeys, type VaultKey } from './vault-key.ts';
import { type KeyWrapper, unwrapKey, wrapKey } from './wrapping/key-wrapper.ts';
import { openKeyWrapper } from './wrapping/open-key-wrapper.ts';

/** Where a hub's keys are. */
export interface KeySource {
  /** As people name it. */
  place: string;
  keyring: Keyring;
  /**
   * Puts these keys in place of all that are there, the first to seal; hubs at work learn of it by themselves. Those that
   * are there stay as they are kept, new ones are wrapped where a wrapping key is configured. Null where whoever starts the
   * hub has to do it.
   */
  write: ((keys: readonly VaultKey[]) => Promise<void>) | null;
  /** Whether what is new is wrapped: hubs at work then have to ask a service before they can open by it. */
  wraps: boolean;
  /** By what each key is wrapped, by its id; bare ones are not in it. */
  wrappedBy: () => ReadonlyMap<string, string>;
}

export interface KeySourceOptions {
  config: Pick<HubConfig, 'keys' | 'wrappingKey' | 'dataFolder'>;
  clock: Clock;
  random: Random;
  /** Whether a key file is made where there is none: for a new database. */
  mayMake: boolean;
  /** Instead of the service that the configuration names. */
  wrapper?: KeyWrapper;
  /** Is told when a key that others have added can't be unwrapped. */
  onProblem?: (error: VaultError) => void;
}

/**
 * Opens the keys of `LATCHKEY_KEYS`, or else of the key file in the data folder, which has them bare or wrapped.
 *
 * @throws VaultError when they are missing, unreadable, exposed, or not to be unwrapped
 */
export async function openKeySource(options: KeySourceOptions): Promise<KeySource> {
  const { config, clock, random, mayMake } = options;
  const { keys, dataFolder } = config;
  if (keys !== null) {
    const source = 'LATCHKEY_KEYS';
    return {
      place: source,
      keyring: fixedKeyring(parseVaultKeys(keys, source)),
      write: null,
      wraps: false,
      wrappedBy: () => new Map(),
    };
  }
  const wrapper = options.wrapper ?? (config.wrappingKey && openKeyWrapper(config.wrappingKey));
  const isNew = mayMake && versionOfKeyFile(dataFolder) === null;
  const made = isNew && wrapper ? { first: await wrapKey(wrapper, generateVaultKey(random)) } : {};
  if (isNew) readKeyFile(dataFolder, { mayMake, random, ...made });
  // Before the reading: what is written over it later is then noticed.
  const version = versionOfKeyFile(dataFolder);
  const kept = readKeyFile(dataFolder);
  const keyring = fileKeyring(dataFolder, {
    clock,
    first: { kept, version, keys: await openKeptKeys(wrapper, kept) },
    wrapper,
    ...(options.onProblem && { onProblem: options.onProblem }),
  });
  return {
    place: keyFileOf(dataFolder),
    keyring,
    async write(changed) {
      const content = keyring.content();
      // Whoever writes does not know them, and so has not decided about them.
      const unopened = content.kept.filter(({ id }) => keyring.all().every((key) => key.id !== id));
      const written = await keepKeys(wrapper, changed, content.kept);
      writeKeyFile(dataFolder, [...written, ...unopened], { random, version: content.version });
      await keyring.refresh();
    },
    wraps: wrapper !== null,
    wrappedBy: () =>
      new Map(keyring.content().kept.flatMap((key) => (isWrapped(key) ? [[key.id, key.wrappedBy]] : []))),
  };
}

/**
 * @param wrapper null where no wrapping key is configured
 * @returns the keys in the clear
 * @throws VaultError `keys_wrapped`, and those of the service
 */
export async function openKeptKeys(
  wrapper: KeyWrapper | null,
  kept: readonly KeptKey[],
): Promise<VaultKey[]> {
  const keys: VaultKey[] = [];
  for (const key of kept) {
    if (!isWrapped(key)) keys.push(key);
    else if (wrapper) keys.push(await unwrapKey(wrapper, key));
    else throw new VaultError('keys_wrapped', `"${key.id}" by ${key.wrappedBy}`);
  }
  return keys;
}

/** @returns the keys as the key file is to have them: those that it has already as they are, others wrapped */
export async function keepKeys(
  wrapper: KeyWrapper | null,
  keys: readonly VaultKey[],
  kept: readonly KeptKey[],
): Promise<KeptKey[]> {
  const written: KeptKey[] = [];
  for (const key of keys) {
    const there = kept.find(({ id }) => id === key.id);
    written.push(there ?? (wrapper ? await wrapKey(wrapper, key) : key));
  }
  return written;
}
