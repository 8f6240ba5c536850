import type { HubConfig } from '../config/config.ts';
import { hubItself, recordEvent } from '../events/record-event.ts';
import { systemClock, systemSleep } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { openBareStore, openStore } from '../store/open-store.ts';
import { checkCanaries } from '../vault/check-canaries.ts';
import { isWrapped } from '../vault/kept-key.ts';
import { keepKeys, openKeySource } from '../vault/key-source.ts';
import { readKeyFile, versionOfKeyFile, writeKeyFile } from '../vault/read-key-file.ts';
import { VaultError } from '../vault/vault-error.ts';
import { parseVaultKeys, type VaultKey } from '../vault/vault-key.ts';
import { openKeyWrapper } from '../vault/wrapping/open-key-wrapper.ts';
import type { BackupEnd, BackupHead } from './backup-format.ts';
import { type BackupVerdict, checkBackup } from './check-backup.ts';
import { type RestoredBackup, restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const system = { clock: systemClock, random: systemRandom, sleep: systemSleep };

/** What went into a backup. */
export interface BackupWritten {
  rows: BackupEnd['rows'];
  /** The addresses of the keys that wrap the hub's: without them its key file opens nothing. */
  wrappedBy: string[];
}

/**
 * Backs a hub up from outside, whether it runs or not. Whoever wraps its keys is asked only where they go into the file.
 *
 * @param options.withKeys puts the keys into the file as well, bare: who has it can read every secret
 * @throws BackupError, StoreError, VaultError
 */
export async function backUpHub(
  config: HubConfig,
  file: string,
  { withKeys }: { withKeys: boolean },
): Promise<BackupWritten> {
  const keys = withKeys ? await keysOf(config) : null;
  const wrappedBy = wrappingKeysOf(config);
  // Brings the tables up to date, as a start would.
  await (await openStore({ config, ...system })).close();
  const store = await openBareStore(config);
  try {
    const rows = await writeBackup({ store, config, keys, wrappedBy, ...system }, file);
    await recordEvent(store.db, system, {
      subject: hubItself,
      kind: 'backup_taken',
      summary: `A backup was taken, ${withKeys ? 'the keys in it' : 'without the keys'}: ${describeRows(rows)}.`,
      facts: { withKeys, rows: countAll(rows) },
    });
    return { rows, wrappedBy };
  } finally {
    await store.close();
  }
}

/** Reads a backup with the keys that are here and those that are in it. @throws BackupError */
export async function checkHubBackup(config: HubConfig, file: string): Promise<BackupVerdict> {
  return checkBackup(file, await keysIfThere(config));
}

/** What came of a restore. */
export interface Restoration {
  rows: BackupEnd['rows'];
  /** By what the keys are wrapped where the backup was taken. */
  wrappedBy: readonly string[];
  /** What has to be done before a hub starts on it; null when nothing has. */
  keyProblem: VaultError | null;
}

/**
 * Restores a hub into an empty database, and its keys where the backup has them. With `force` everything that is there is
 * removed; no hub may be at work on it then.
 *
 * @throws BackupError, StoreError
 */
export async function restoreHub(
  config: HubConfig,
  file: string,
  { force }: { force: boolean },
): Promise<Restoration> {
  const bare = await openBareStore(config);
  let restored: RestoredBackup;
  try {
    restored = await restoreBackup(file, { store: bare, clock: systemClock, force });
  } finally {
    await bare.close();
  }
  const { rows, head } = restored;
  const { wrappedBy } = head;
  const store = await openStore({ config, ...system });
  try {
    await restoreKeys(config, file, head);
    await recordEvent(store.db, system, {
      subject: hubItself,
      kind: 'backup_restored',
      summary: `A backup was restored: ${describeRows(rows)}. Refresh tokens that were rotated since it was taken may be dead.`,
      facts: { rows: countAll(rows) },
    });
    const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
    const { keyring } = await openKeySource({ config, ...system, mayMake: false });
    await checkCanaries({ store, keys: keyring.all(), random: systemRandom }, canaries);
    return { rows, wrappedBy, keyProblem: null };
  } catch (error) {
    if (error instanceof VaultError) return { rows, wrappedBy, keyProblem: error };
    throw error;
  } finally {
    await store.close();
  }
}

/** @returns how much is in a backup, for people */
export function describeRows(rows: BackupEnd['rows']): string {
  return `${countAll(rows)} rows, ${rows.connections ?? 0} connections`;
}

function countAll(rows: BackupEnd['rows']): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}

/** Keys that are here already stay as they are kept, and go on to seal: the others open, wrapped where that is configured. */
async function restoreKeys(config: HubConfig, file: string, { keys }: BackupHead): Promise<void> {
  if (keys === null || keys.length === 0 || config.keys !== null) return;
  const version = versionOfKeyFile(config.dataFolder);
  const kept = version === null ? [] : readKeyFile(config.dataFolder);
  const here = await keysIfThere(config);
  const brought = parseVaultKeys(keys.join('\n'), file);
  const missing = brought.filter(({ id }) => !here.some((key) => key.id === id));
  if (missing.length === 0) return;
  const wrapper = config.wrappingKey && openKeyWrapper(config.wrappingKey);
  const written = await keepKeys(wrapper, [...here, ...missing], kept);
  writeKeyFile(config.dataFolder, written, { random: systemRandom, version });
}

/** What the key file says of itself, if there is one that can be read: a backup fails for no other reason than its own. */
function wrappingKeysOf({ keys, dataFolder }: HubConfig): string[] {
  if (keys !== null) return [];
  try {
    const kept = readKeyFile(dataFolder).filter(isWrapped);
    return [...new Set(kept.map(({ wrappedBy }) => wrappedBy))];
  } catch (error) {
    if (error instanceof VaultError) return [];
    throw error;
  }
}

async function keysOf(config: HubConfig): Promise<readonly VaultKey[]> {
  const { keyring } = await openKeySource({ config, ...system, mayMake: false });
  return keyring.all();
}

async function keysIfThere(config: HubConfig): Promise<readonly VaultKey[]> {
  try {
    return await keysOf(config);
  } catch (error) {
    if (error instanceof VaultError && error.code === 'keys_missing') return [];
    throw error;
  }
}
