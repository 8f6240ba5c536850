import type { HubConfig } from '../config/config.ts';
import { systemClock, systemSleep } from '../ground/clock.ts';
import { systemRandom } from '../ground/random.ts';
import { openBareStore, openStore } from '../store/open-store.ts';
import { checkCanaries } from '../vault/check-canaries.ts';
import { openKeySource } from '../vault/key-source.ts';
import { writeKeyFile } from '../vault/read-key-file.ts';
import { VaultError } from '../vault/vault-error.ts';
import { parseVaultKeys, type VaultKey } from '../vault/vault-key.ts';
import type { BackupEnd } from './backup-format.ts';
import { type BackupVerdict, checkBackup } from './check-backup.ts';
import { readBackup } from './read-backup.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const system = { clock: systemClock, random: systemRandom, sleep: systemSleep };

/**
 * Backs a hub up from outside, whether it runs or not.
 *
 * @param options.withKeys puts the keys into the file as well: who has it can read every secret
 * @throws BackupError, StoreError, VaultError
 */
export async function backUpHub(
  config: HubConfig,
  file: string,
  { withKeys }: { withKeys: boolean },
): Promise<BackupEnd['rows']> {
  const keys = withKeys ? await keysOf(config) : null;
  // Brings the tables up to date, as a start would.
  await (await openStore({ config, ...system })).close();
  const store = await openBareStore(config);
  try {
    return await writeBackup({ store, config, keys, ...system }, file);
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
  let rows: BackupEnd['rows'];
  try {
    rows = await restoreBackup(file, { store: bare, clock: systemClock, force });
  } finally {
    await bare.close();
  }
  await restoreKeys(config, file);
  const store = await openStore({ config, ...system });
  try {
    const canaries = await store.db.selectFrom('vault_canaries').selectAll().execute();
    const { keyring } = await openKeySource({ config, ...system, mayMake: false });
    await checkCanaries({ store, keys: keyring.all(), random: systemRandom }, canaries);
    return { rows, keyProblem: null };
  } catch (error) {
    if (error instanceof VaultError) return { rows, keyProblem: error };
    throw error;
  } finally {
    await store.close();
  }
}

/** Keys that are here already stay, and go on to seal: the others open. */
async function restoreKeys(config: HubConfig, file: string): Promise<void> {
  const entries: string[] = [];
  await readBackup(file, {
    head({ keys }) {
      entries.push(...(keys ?? []));
    },
  });
  if (entries.length === 0 || config.keys !== null) return;
  const here = await keysIfThere(config);
  const brought = parseVaultKeys(entries.join('\n'), file);
  const missing = brought.filter(({ id }) => !here.some((key) => key.id === id));
  if (missing.length > 0) writeKeyFile(config.dataFolder, [...here, ...missing], { random: systemRandom });
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
