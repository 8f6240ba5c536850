import { statSync } from 'node:fs';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { fixedKeyring, type Keyring } from './keyring.ts';
import { keyFileOf, readKeyFile } from './read-key-file.ts';
import type { VaultKey } from './vault-key.ts';

/** A change of the file counts for what is sealed from then on. */
const trustedForMilliseconds = millisecondsPerSecond;

/**
 * The keys of the key file, which `latchkey keys` changes while hubs run. It is looked at before something is sealed, once
 * a second at most, and whenever a key is met that is not known yet; so that no hub is ever handed what it can't open.
 *
 * @param first the keys that the file has now
 */
export function fileKeyring(
  dataFolder: string,
  { clock, first }: { clock: Clock; first: readonly VaultKey[] },
): Keyring {
  const file = keyFileOf(dataFolder);
  let keys = fixedKeyring(first);
  let version = versionOf(file);
  let lookedAt = clock.now();

  function look(): void {
    lookedAt = clock.now();
    const found = versionOf(file);
    if (found === null || found === version) return;
    const read = readIfUsable(dataFolder);
    if (read === null) return;
    keys = fixedKeyring(read);
    version = found;
  }

  return {
    sealing() {
      if (Math.abs(clock.now() - lookedAt) >= trustedForMilliseconds) look();
      return keys.sealing();
    },
    find(id) {
      const known = keys.find(id);
      if (known) return known;
      look();
      return keys.find(id);
    },
    all: () => keys.all(),
    refresh: async () => look(),
  };
}

/** The file is put in the old one's place whole, so that each version of it is another file. */
function versionOf(file: string): string | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? null : `${stats.ino}/${stats.mtimeMs}/${stats.size}`;
}

/** A file that somebody damages while the hub runs takes no keys away from it: `latchkey doctor` and the next start tell. */
function readIfUsable(dataFolder: string): VaultKey[] | null {
  try {
    return readKeyFile(dataFolder);
  } catch (error) {
    if (error instanceof Error && error.name === 'VaultError') return null;
    throw error;
  }
}
