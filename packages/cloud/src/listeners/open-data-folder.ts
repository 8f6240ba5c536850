import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Directory, selectOne } from '../directory/open-directory.ts';
import { CloudStartError, systemErrorCode } from './cloud-start-error.ts';

const privateFolderMode = 0o700;
/** SQLite's primary result codes (sqlite.org/rescode.html); the lowest byte of `errcode`. */
const sqlite = { corrupt: 11, notADatabase: 26, readOnly: 8, inputOutput: 10, full: 13, cantOpen: 14 };
const primaryCodeMask = 0xff;

/** Makes the data folder where it is missing. @throws CloudStartError `data_folder_unwritable` */
export async function openDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(path.resolve(folder));
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw explainStateError(error, { folder, file: folder });
  }
}

/** Folder by folder, since Node's own recursive form never ends where nothing can be made, as below /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: privateFolderMode });
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = path.dirname(folder);
    // Windows' drives end the way up, and one may not be there.
    if (code !== 'ENOENT' || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder, { mode: privateFolderMode });
  }
}

/** What an error of the file system or of SQLite means to the person who starts; others come back as they are. */
export function explainStateError(
  error: unknown,
  { folder, file }: { folder: string; file: string },
): unknown {
  const sqliteCode = sqliteErrorCode(error);
  if (sqliteCode === sqlite.corrupt || sqliteCode === sqlite.notADatabase)
    return databaseDamaged(file, error);
  const systemCode = systemErrorCode(error);
  const unwritable =
    sqliteCode === undefined
      ? systemCode !== undefined && /^E[A-Z]+$/.test(systemCode)
      : [sqlite.readOnly, sqlite.inputOutput, sqlite.full, sqlite.cantOpen].includes(sqliteCode);
  if (!unwritable) return error;
  const reason = sqliteCode === undefined ? systemCode : `SQLite code ${sqliteCode}`;
  return new CloudStartError(
    'data_folder_unwritable',
    `The local cloud can't write to its data folder '${folder}' (${reason}). Make it writable, or start with another folder.`,
    { cause: error },
  );
}

/** Looks through the pages of an opened database. @throws CloudStartError `database_damaged` */
export function requireSoundDatabase(directory: Directory, file: string): void {
  const verdict = selectOne<{ quick_check: string }>(directory, 'PRAGMA quick_check(1)')?.quick_check;
  if (verdict !== 'ok') throw databaseDamaged(file, verdict);
}

function databaseDamaged(file: string, cause: unknown): CloudStartError {
  return new CloudStartError(
    'database_damaged',
    `The local cloud's database '${file}' is damaged. Restore it from a copy, or move it away to begin with a new one.`,
    { cause },
  );
}

function sqliteErrorCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & primaryCodeMask : undefined;
}
