import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseJson } from '../ground/read-json.ts';
import { BackupError } from './backup-error.ts';
import {
  type BackupEnd,
  type BackupHead,
  type BackupTable,
  type BackupValue,
  backupEndSchema,
  backupHeadSchema,
  backupRowSchema,
  backupTableSchema,
} from './backup-format.ts';

/** Who takes what a backup has, in its order. */
export interface BackupReader {
  head?(head: BackupHead): Promise<void> | void;
  table?(table: BackupTable): Promise<void> | void;
  row?(row: BackupValue[], table: BackupTable): Promise<void> | void;
}

/**
 * Reads a backup to its end and proves that it is whole: that each table has the rows that its end tells of, and the
 * digest fits.
 *
 * @throws BackupError `backup_unreadable`
 */
export async function readBackup(file: string, reader: BackupReader): Promise<BackupEnd> {
  const digest = createHash('sha256');
  const counts: Record<string, number> = {};
  let head: BackupHead | null = null;
  let table: BackupTable | null = null;
  let end: BackupEnd | null = null;
  const fail = (detail: string, cause?: unknown) =>
    new BackupError('backup_unreadable', `${file} (${detail})`, { cause });
  for await (const line of readLines(file, fail)) {
    if (end !== null) throw fail('something stands behind its end');
    const value = parseJson(line);
    if (head === null) {
      const read = backupHeadSchema.safeParse(value);
      if (!read.success) throw fail('it does not begin as a backup', read.error);
      head = read.data;
      await reader.head?.(head);
    } else if (Array.isArray(value)) {
      const row = backupRowSchema.safeParse(value);
      if (!row.success || table === null || row.data.length !== table.columns.length) {
        throw fail('a row does not fit its table');
      }
      counts[table.table] = (counts[table.table] ?? 0) + 1;
      await reader.row?.(row.data, table);
    } else {
      const next = backupTableSchema.safeParse(value);
      const last = backupEndSchema.safeParse(value);
      if (next.success) {
        table = next.data;
        counts[table.table] = 0;
        await reader.table?.(table);
      } else if (last.success) {
        end = last.data;
        continue;
      } else throw fail('a line is damaged');
    }
    digest.update(`${line}\n`);
  }
  if (end === null) throw fail('it ends in the middle');
  if (end.digest !== digest.digest('base64url')) throw fail('its digest is another');
  const isComplete = Object.entries(end.rows).every(([name, count]) => counts[name] === count);
  if (!isComplete) throw fail('rows are missing');
  return end;
}

async function* readLines(
  file: string,
  fail: (detail: string, cause: unknown) => BackupError,
): AsyncGenerator<string> {
  const text = pipeline(createReadStream(file), createGunzip(), () => undefined).setEncoding('utf8');
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = `${rest}${String(chunk)}`.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch (error) {
    throw fail(error instanceof Error && 'code' in error ? String(error.code) : 'it is damaged', error);
  }
  if (rest !== '') throw fail('it ends in the middle of a line', undefined);
}
