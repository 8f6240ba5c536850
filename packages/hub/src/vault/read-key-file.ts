import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { type Random, systemRandom } from '../ground/random.ts';
import { formatKeptKeys, type KeptKey, parseKeptKeys } from './kept-key.ts';
import { VaultError } from './vault-error.ts';
import { generateVaultKey } from './vault-key.ts';

const fileName = 'vault.key';
const draftName = /^vault\.key\.[\da-f]{16}$/;
const forOwnerOnly = 0o600;
/** A group may read it: Kubernetes' `fsGroup` lets it, at each mount anew. */
const rightsOfOthers = 0o007;
const rightsMask = 0o777;

interface ReadKeyFileOptions {
  mayMake?: boolean;
  /** The key that it is made with; by default a fresh bare one. */
  first?: KeptKey;
  random?: Random;
  platform?: NodeJS.Platform;
}

/** @returns the path of a data folder's key file */
export function keyFileOf(dataFolder: string): string {
  return path.join(dataFolder, fileName);
}

/**
 * Reads the key file of the data folder, or makes it, readable for this user only, when there is none and none is missing.
 * Who may read it on Windows is not in its mode: there the folder's rights hold.
 *
 * @param making with what it is made where there is none: for a new database, since an old one's key is never silently
 *   replaced
 * @throws VaultError `keys_missing`, `key_file_exposed`, `key_file_unusable`, `keys_malformed`
 */
export function readKeyFile(
  dataFolder: string,
  { mayMake = false, first, random = systemRandom, platform = process.platform }: ReadKeyFileOptions = {},
): KeptKey[] {
  const file = keyFileOf(dataFolder);
  const stats = lookAt(file);
  if (!stats) {
    if (!mayMake) throw new VaultError('keys_missing', `there is no ${file}, and LATCHKEY_KEYS is not set`);
    makeKeyFile(file, first ?? generateVaultKey(random), { random, platform });
  } else if (platform !== 'win32' && (stats.mode & rightsOfOthers) !== 0) {
    throw new VaultError('key_file_exposed', file);
  }
  return parseKeptKeys(readText(file), file);
}

interface WriteKeyFileOptions {
  random: Random;
  /** As `versionOfKeyFile` told it when the keys were read: nothing of what others have written since is lost. */
  version?: string | null;
  platform?: NodeJS.Platform;
}

/**
 * Puts other keys into the key file, which keeps its rights. It is replaced whole, so that whoever reads it, and whoever
 * starts after a kill at any moment, finds the old keys or the new ones.
 *
 * @param keys the first seals
 * @throws VaultError `key_file_unusable`, `key_file_changed`
 */
export function writeKeyFile(
  dataFolder: string,
  keys: readonly KeptKey[],
  { random, version, platform = process.platform }: WriteKeyFileOptions,
): void {
  const file = keyFileOf(dataFolder);
  const { mode, uid, gid } = lookAt(file) ?? { mode: forOwnerOnly, uid: null, gid: null };
  let draft: string | null = null;
  try {
    draft = writeDraft(file, formatKeptKeys(keys), random);
    chmodSync(draft, mode & rightsMask);
    if (uid !== null && uid !== process.getuid?.()) chownSync(draft, uid, gid);
    if (version !== undefined && versionOfKeyFile(dataFolder) !== version) {
      throw new VaultError('key_file_changed', file);
    }
    renameSync(draft, file);
    draft = null;
    syncFolder(path.dirname(file), platform);
  } catch (cause) {
    if (draft !== null) unlinkSync(draft);
    if (cause instanceof VaultError) throw cause;
    throw new VaultError('key_file_unusable', file, { cause });
  }
}

/** Removes what writers that were killed have left beside the key file: keys in the clear, perhaps. */
export function removeDrafts(dataFolder: string): void {
  for (const name of readdirSync(dataFolder)) {
    if (draftName.test(name)) rmSync(path.join(dataFolder, name), { force: true });
  }
}

/** @returns what tells one version of the key file from another, since each is another file; null where there is none */
export function versionOfKeyFile(dataFolder: string): string | null {
  const stats = lookAt(keyFileOf(dataFolder));
  return stats === undefined ? null : `${stats.ino}/${stats.mtimeMs}/${stats.size}`;
}

function lookAt(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new VaultError('key_file_unusable', file, { cause });
  }
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
function makeKeyFile(
  file: string,
  first: KeptKey,
  { random, platform }: { random: Random; platform: NodeJS.Platform },
): void {
  try {
    const draft = writeDraft(file, formatKeptKeys([first]), random);
    try {
      linkSync(draft, file);
    } catch (error) {
      const wasMadeByAnother = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!wasMadeByAnother) throw error;
    } finally {
      unlinkSync(draft);
    }
    syncFolder(path.dirname(file), platform);
  } catch (cause) {
    throw new VaultError('key_file_unusable', file, { cause });
  }
}

/** @returns the path of a file beside it that is whole and on disk; its folder is made where there is none */
function writeDraft(file: string, text: string, random: Random): string {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${random.bytes(8).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', forOwnerOnly);
  writeSync(descriptor, text);
  fsyncSync(descriptor);
  closeSync(descriptor);
  return draft;
}

/** File systems that can't flush a folder: shares of other machines and of a container's host. */
const unsyncable: readonly unknown[] = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'];

/**
 * The folder's entry, too, must outlive a loss of power: without the key all secrets are lost. Windows flushes no folder
 * (EPERM); NTFS has written the entry to its journal.
 */
function syncFolder(folder: string, platform: NodeJS.Platform): void {
  if (platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && unsyncable.includes(error.code))) throw error;
  } finally {
    closeSync(descriptor);
  }
}
