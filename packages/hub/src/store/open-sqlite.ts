import { chmodSync, closeSync, mkdirSync, openSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { type Sleep, systemSleep } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { Database } from './schema.ts';
import {
  sqliteBusy,
  sqliteCannotOpen,
  sqliteCode,
  sqliteCorrupt,
  sqliteFull,
  sqliteIoError,
  sqliteNotADatabase,
  sqliteReadOnly,
} from './sqlite-codes.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

const fileName = 'hub.sqlite';
const forOwnerOnly = 0o600;
const rightsOfOthers = 0o007;

/** How long the start waits for another process's work on the file; later the driver waits, and the event loop goes on. */
const startTimeoutMilliseconds = 5 * millisecondsPerSecond;

/** Checking a whole file takes about 2 ms a MB; larger ones are not made to wait for it at each start. */
const largestCheckedBytes = 64 * 1024 * 1024;

/** @returns the path of the SQLite file of a data folder */
export function sqliteFileOf(dataFolder: string): string {
  return path.join(dataFolder, fileName);
}

/**
 * Opens the SQLite file in the folder; makes both, for this user only, when missing.
 *
 * @throws StoreError `data_folder_unwritable`, `database_damaged`, `database_busy`
 */
export async function openSqlite(dataFolder: string, sleep: Sleep = systemSleep): Promise<Store> {
  const file = sqliteFileOf(dataFolder);
  const database = openFile(dataFolder, file);
  const provePlace = watchFiles([file, `${file}-wal`]);
  return {
    db: new Kysely<Database>({ dialect: createSqliteDialect(database, { sleep, provePlace }) }),
    engine: 'sqlite',
    provePlace: async () => provePlace(),
    close: async () => {
      if (!database.isOpen) return;
      // Others may have the file open still: then the log stays, but what is in it is in the file, too.
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      database.close();
    },
  };
}

function openFile(dataFolder: string, file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    // Its log gets the rights that it has.
    closeSync(openSync(file, 'a', forOwnerOnly));
    closeToOthers(file);
    database = new DatabaseSync(file);
    // FULL: what was acknowledged survives the loss of power; a rotated refresh token that is lost ends a connection.
    database.exec(`
      PRAGMA busy_timeout = ${startTimeoutMilliseconds};
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA foreign_keys = ON;
    `);
    if (statSync(file).size <= largestCheckedBytes) refuseDamage(database, file);
    database.exec('PRAGMA busy_timeout = 0');
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, dataFolder, file);
  }
}

/**
 * What a group was given stays: where Kubernetes' `fsGroup` or OpenShift's own user ids let a volume be used, it is all
 * that this process has. Who does not own the file changes no rights, nor do shares that have none.
 */
function closeToOthers(file: string): void {
  const { mode } = statSync(file);
  if ((mode & rightsOfOthers) === 0) return;
  try {
    chmodSync(file, mode & ~rightsOfOthers);
  } catch (error) {
    if (
      !(error instanceof Error && 'code' in error && (error.code === 'EPERM' || error.code === 'ENOTSUP'))
    ) {
      throw error;
    }
  }
}

/**
 * A file that was deleted or put in another's place goes on to take writes, and all of them are lost at the end.
 *
 * @returns what fails once one of the files is not the one any more that it is now
 */
function watchFiles(files: readonly string[]): () => void {
  const opened = files.map((file) => identify(statSync(file)));
  return () => {
    for (const [index, file] of files.entries()) {
      const found = statSync(file, { throwIfNoEntry: false });
      if (!found || identify(found) !== opened[index]) throw new StoreError('database_moved', file);
    }
  };
}

function identify({ dev, ino }: Stats): string {
  return `${dev}/${ino}`;
}

function refuseDamage(database: DatabaseSync, file: string): void {
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.quick_check;
  if (verdict !== 'ok') throw new StoreError('database_damaged', `${file} (${String(verdict)})`);
}

/** @returns what a failure of the first statements on an open file means; others as they are */
export function explainSqliteFailure(error: unknown, dataFolder: string): unknown {
  return toStoreError(error, dataFolder, sqliteFileOf(dataFolder));
}

function toStoreError(error: unknown, dataFolder: string, file: string): unknown {
  if (!(error instanceof Error) || error instanceof StoreError) return error;
  const cause = { cause: error };
  const code = sqliteCode(error);
  if (code === sqliteCorrupt || code === sqliteNotADatabase) {
    return new StoreError('database_damaged', `${file} (${error.message})`, cause);
  }
  if (code === sqliteBusy) return new StoreError('database_busy', file, cause);
  if (code === sqliteFull || code === sqliteIoError) {
    return new StoreError('disk_failing', `${dataFolder} (${error.message})`, cause);
  }
  if (code === sqliteReadOnly || code === sqliteCannotOpen) {
    return new StoreError('data_folder_unwritable', `${dataFolder} (${error.message})`, cause);
  }
  // Of the file system: EACCES, EPERM, EROFS, EEXIST and ENOTDIR (a file lies where the folder should be), ENOSPC.
  if ('syscall' in error) {
    return new StoreError('data_folder_unwritable', `${dataFolder} (${error.message})`, cause);
  }
  return error;
}
