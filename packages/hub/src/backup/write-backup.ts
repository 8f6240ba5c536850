import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type HubConfig, hubVersion } from '../config/config.ts';
import type { Clock } from '../ground/clock.ts';
import { toIso } from '../ground/clock.ts';
import type { Random } from '../ground/random.ts';
import { describeTables } from '../store/describe-tables.ts';
import { migrations } from '../store/migrations/migrations.ts';
import type { Store } from '../store/store.ts';
import { formatVaultKey, type VaultKey } from '../vault/vault-key.ts';
import { BackupError } from './backup-error.ts';
import { type BackupEnd, type BackupHead, backupFormat } from './backup-format.ts';
import { type Snapshot, withSnapshot } from './read-snapshot.ts';

const forOwnerOnly = 0o600;

interface WriteBackupParameters {
  store: Store;
  config: Pick<HubConfig, 'dataFolder'>;
  clock: Clock;
  random: Random;
  /** Keys that go into the file; null for none, as it should be: who has both can read every secret. */
  keys: readonly VaultKey[] | null;
  /** By what the keys are wrapped where they are kept: whoever restores needs that, too. */
  wrappedBy: readonly string[];
}

/**
 * Writes everything that the database has at this moment into a file, readable for this user only, while hubs go on
 * working. Secrets stay sealed. The file has its name only once it is whole and on the disk.
 *
 * @throws BackupError `backup_unwritable`
 * @returns the number of rows of each table
 */
export async function writeBackup(
  parameters: WriteBackupParameters,
  file: string,
): Promise<BackupEnd['rows']> {
  const draft = `${file}.${parameters.random.bytes(8).toString('hex')}`;
  const rows: BackupEnd['rows'] = {};
  try {
    await (await open(file, 'wx', forOwnerOnly)).close();
    try {
      await withSnapshot(parameters, (snapshot) =>
        pipeline(
          Readable.from(writeLines(parameters, snapshot, rows)),
          createGzip(),
          createWriteStream(draft, { flags: 'wx', mode: forOwnerOnly, flush: true }),
        ),
      );
      await rename(draft, file);
    } catch (error) {
      await rm(draft, { force: true });
      await rm(file, { force: true });
      throw error;
    }
    await syncFolder(path.dirname(file));
    return rows;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && 'code' in error)) throw error;
    throw new BackupError('backup_unwritable', `${file} (${String(error.code)})`, { cause: error });
  }
}

async function* writeLines(
  { store, clock, keys, wrappedBy }: WriteBackupParameters,
  snapshot: Snapshot,
  counts: BackupEnd['rows'],
): AsyncGenerator<string> {
  const digest = createHash('sha256');
  const line = (value: unknown) => {
    const text = `${JSON.stringify(value)}\n`;
    digest.update(text);
    return text;
  };
  const canaries = await store.db.selectFrom('vault_canaries').select('key_id').execute();
  const head: BackupHead = {
    latchkeyBackup: backupFormat,
    version: hubVersion,
    createdAt: toIso(clock.now()),
    migrations: migrations.map(({ name }) => name),
    keyIds: canaries.map((row) => row.key_id),
    wrappedBy: [...wrappedBy],
    keys: keys?.map(formatVaultKey) ?? null,
  };
  yield line(head);
  for (const table of await describeTables()) {
    yield line({ table: table.name, columns: table.columns });
    let count = 0;
    for await (const row of snapshot.rows(table)) {
      count += 1;
      yield line(row);
    }
    counts[table.name] = count;
  }
  const end: BackupEnd = { rows: counts, digest: digest.digest('base64url') };
  yield `${JSON.stringify(end)}\n`;
}

/** The name, too, must outlive a loss of power; file systems that can't flush a folder are let be. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
