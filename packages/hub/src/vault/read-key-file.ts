import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { Random } from '../ground/random.ts';
import { VaultError } from './vault-error.ts';
import { generateVaultKey, parseVaultKeys, type VaultKey } from './vault-key.ts';

const fileName = 'vault.key';
const forOwnerOnly = 0o600;
const rightsOfOthers = 0o077;

/**
 * Reads the key file of the data folder; makes it, readable for this user only, when there is none and none is missing.
 *
 * @param options.mayMake whether the database is new; an old one's key is never silently replaced
 * @throws VaultError `keys_missing`, `key_file_exposed`, `key_file_unusable`, `keys_malformed`
 */
export function readKeyFile(
  dataFolder: string,
  { mayMake, random }: { mayMake: boolean; random: Random },
): VaultKey[] {
  const file = path.join(dataFolder, fileName);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) {
    if (!mayMake) throw new VaultError('keys_missing', `there is no ${file}, and LATCHKEY_KEYS is not set`);
    makeKeyFile(file, random);
  } else if ((stats.mode & rightsOfOthers) !== 0) {
    throw new VaultError('key_file_exposed', file);
  }
  return parseVaultKeys(readText(file), file);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new VaultError('key_file_unusable', file, { cause });
  }
}

/**
 * The file appears under its name only when it is whole and on disk; of two processes that start at once, one makes it
 * and the other finds it.
 */
function makeKeyFile(file: string, random: Random): void {
  const draft = `${file}.${random.bytes(8).toString('hex')}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const descriptor = openSync(draft, 'wx', forOwnerOnly);
    writeSync(descriptor, `${generateVaultKey(random)}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    try {
      linkSync(draft, file);
    } catch (error) {
      const wasMadeByAnother = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!wasMadeByAnother) throw error;
    } finally {
      unlinkSync(draft);
    }
    syncFolder(path.dirname(file));
  } catch (cause) {
    throw new VaultError('key_file_unusable', file, { cause });
  }
}

/** The folder's entry, too, must outlive a loss of power: without the key all secrets are lost. */
function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
