import type { HubConfig } from '../config/config.ts';
import type { Clock } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import { fileKeyring } from './file-keyring.ts';
import { fixedKeyring, type Keyring } from './keyring.ts';
import { keyFileOf, readKeyFile, writeKeyFile } from './read-key-file.ts';
import { parseVaultKeys, type VaultKey } from './vault-key.ts';

/** Where a hub's keys are. */
export interface KeySource {
  /** As people name it. */
  place: string;
  keyring: Keyring;
  /**
   * Puts these keys in place of all that are there, the first to seal; hubs at work learn of it by themselves. Null where
   * whoever starts the hub has to do it.
   */
  write: ((keys: readonly VaultKey[]) => Promise<void>) | null;
}

export interface KeySourceOptions {
  config: Pick<HubConfig, 'keys' | 'dataFolder'>;
  clock: Clock;
  random: Random;
  /** Whether a key file is made where there is none: for a new database. */
  mayMake: boolean;
}

/**
 * Opens the keys of `LATCHKEY_KEYS`, or else of the key file in the data folder.
 *
 * @throws VaultError when they are missing, unreadable or exposed
 */
export async function openKeySource({
  config,
  clock,
  random,
  mayMake,
}: KeySourceOptions): Promise<KeySource> {
  const { keys, dataFolder } = config;
  if (keys !== null) {
    const source = 'LATCHKEY_KEYS';
    return { place: source, keyring: fixedKeyring(parseVaultKeys(keys, source)), write: null };
  }
  const first = readKeyFile(dataFolder, { mayMake, random });
  const keyring = fileKeyring(dataFolder, { clock, first });
  return {
    place: keyFileOf(dataFolder),
    keyring,
    async write(changed) {
      writeKeyFile(dataFolder, changed, { random });
      await keyring.refresh();
    },
  };
}
