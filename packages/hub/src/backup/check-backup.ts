import { HubError } from '../errors/hub-error.ts';
import { systemRandom } from '../ground/random.ts';
import { createVault } from '../vault/create-vault.ts';
import { fixedKeyring } from '../vault/keyring.ts';
import { sealedColumns, sealedPlace, sealedTables } from '../vault/sealed-columns.ts';
import { parseVaultKeys, type VaultKey } from '../vault/vault-key.ts';
import type { BackupEnd, BackupHead, BackupTable, BackupValue } from './backup-format.ts';
import { readBackup } from './read-backup.ts';

/** What a backup is found to be. */
export interface BackupVerdict {
  head: BackupHead;
  rows: BackupEnd['rows'];
  sealed: {
    opened: number;
    /** The first of those that no key here opens, by their places. */
    unopened: string[];
    unopenedCount: number;
  };
}

const mostNamed = 20;

/**
 * Reads a whole backup: whether it is complete, and whether the keys that are here, or in it, open what is sealed in it.
 *
 * @param keys those that are here
 * @throws BackupError `backup_unreadable`
 */
export async function checkBackup(file: string, keys: readonly VaultKey[]): Promise<BackupVerdict> {
  let head: BackupHead | undefined;
  let open: ((sealed: string, place: string) => boolean) | undefined;
  const sealed: BackupVerdict['sealed'] = { opened: 0, unopened: [], unopenedCount: 0 };
  const end = await readBackup(file, {
    head(read) {
      head = read;
      open = createOpener([...keys, ...(read.keys ?? []).flatMap((key) => parseVaultKeys(key, file))]);
    },
    row(row, table) {
      for (const { value, place } of findSealed(row, table)) {
        if (open?.(value, place)) sealed.opened += 1;
        else {
          sealed.unopenedCount += 1;
          if (sealed.unopened.length < mostNamed) sealed.unopened.push(place);
        }
      }
    },
  });
  if (!head) throw new Error('A backup without a head was read.');
  return { head, rows: end.rows, sealed };
}

function* findSealed(
  row: readonly BackupValue[],
  { table, columns }: BackupTable,
): Generator<{ value: string; place: string }> {
  const name = sealedTables.find((known) => known === table);
  if (name === undefined) return;
  const keyColumn: string = sealedColumns[name].key;
  for (const [index, column] of columns.entries()) {
    const value = row[index];
    if (!column.startsWith('sealed_') || typeof value !== 'string') continue;
    yield { value, place: sealedPlace(table, String(row[columns.indexOf(keyColumn)]), column) };
  }
}

function createOpener(keys: readonly VaultKey[]): (sealed: string, place: string) => boolean {
  if (keys.length === 0) return () => false;
  const vault = createVault(fixedKeyring(keys), systemRandom);
  return (sealed, place) => {
    try {
      vault.open(sealed, place);
      return true;
    } catch (error) {
      if (error instanceof HubError) return false;
      throw error;
    }
  };
}
