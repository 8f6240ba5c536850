import { type Directory, selectAll, selectOne } from '../../directory/open-directory.ts';
import { isRecord } from '../../ground/json.ts';
import { readRow, type Schema } from '../../ground/read-row.ts';

/** A lookup's content: which row of which table. */
export interface Reference {
  table: string;
  id: string;
}

/** Moments are ISO 8601 texts as the Web API writes them, GUIDs are lower case. */
export type Value = string | number | boolean | null | Reference;

/** Tells whether a value points at a row. */
export function isReference(value: Value): value is Reference {
  return typeof value === 'object' && value !== null;
}

/** By logical column name; a column that is not there is null. */
export type Values = Readonly<Record<string, Value>>;

export interface StoredRecord {
  readonly id: string;
  /** Grows with every write in the environment; the number within `@odata.etag`. */
  readonly version: number;
  readonly values: Values;
}

/**
 * The rows of one environment. They are held in memory and written through to the directory's database:
 * when `transaction` returns, what it wrote is committed.
 */
export interface RecordStore {
  list(table: string): Iterable<StoredRecord>;
  find(table: string, id: string): StoredRecord | undefined;
  /** Writes a row whole, under the next version. Only within `transaction`. */
  put(table: string, id: string, values: Values): StoredRecord;
  /** Only within `transaction`. */
  remove(table: string, id: string): void;
  /** Runs `work` atomically: if it throws, neither memory nor database keep anything of it. */
  transaction<T>(work: () => T): T;
  /** Whether the environment was never written to. */
  isNew(): boolean;
}

const valuesSchema: Schema<Values> = (value): value is Values =>
  isRecord(value) && Object.values(value).every(isValue);

function isValue(value: unknown): value is Value {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return true;
  return isRecord(value) && typeof value.table === 'string' && typeof value.id === 'string';
}

const schema = `
  CREATE TABLE IF NOT EXISTS dataverse_records (
    environment_id TEXT NOT NULL, table_name TEXT NOT NULL, id TEXT NOT NULL,
    version INTEGER NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (environment_id, table_name, id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS dataverse_versions (
    environment_id TEXT PRIMARY KEY, last_version INTEGER NOT NULL
  ) STRICT;
`;

/** Row versions of a new environment begin in the magnitude that one sees in a real one. */
const firstVersion = 500_000;

/** Opens the rows of an environment, reading all of them into memory. */
export function openRecordStore(directory: Directory, environmentId: string): RecordStore {
  directory.db.exec(schema);
  let tables = readTables(directory, environmentId);
  let version = readLastVersion(directory, environmentId);
  let undo: (() => void)[] | undefined;
  directory.onReplaced(() => {
    tables = readTables(directory, environmentId);
    version = readLastVersion(directory, environmentId);
  });

  const rowsOf = (table: string): Map<string, StoredRecord> => {
    const rows = tables.get(table) ?? new Map<string, StoredRecord>();
    tables.set(table, rows);
    return rows;
  };

  /** Changes one row in memory, remembering how it was in case the transaction fails. */
  const replace = (table: string, id: string, record: StoredRecord | undefined): void => {
    if (!undo) throw new Error('Rows are written within a transaction only');
    const rows = rowsOf(table);
    const before = rows.get(id);
    undo.push(() => setRow(rows, id, before));
    setRow(rows, id, record);
  };

  return {
    list: (table) => rowsOf(table).values(),
    find: (table, id) => rowsOf(table).get(id),
    put(table, id, values) {
      version = (version ?? firstVersion) + 1;
      const record = { id, version, values };
      replace(table, id, record);
      directory
        .prepare(
          `INSERT INTO dataverse_records (environment_id, table_name, id, version, content)
           VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET version = excluded.version, content = excluded.content`,
        )
        .run(environmentId, table, id, version, JSON.stringify(values));
      directory
        .prepare(
          `INSERT INTO dataverse_versions (environment_id, last_version) VALUES (?, ?)
           ON CONFLICT DO UPDATE SET last_version = excluded.last_version`,
        )
        .run(environmentId, version);
      return record;
    },
    remove(table, id) {
      replace(table, id, undefined);
      directory
        .prepare('DELETE FROM dataverse_records WHERE environment_id = ? AND table_name = ? AND id = ?')
        .run(environmentId, table, id);
    },
    transaction(work) {
      if (undo) return work();
      const steps: (() => void)[] = [];
      undo = steps;
      try {
        return directory.transaction(work);
      } catch (error) {
        for (const step of steps.toReversed()) step();
        throw error;
      } finally {
        undo = undefined;
      }
    },
    isNew: () => version === undefined,
  };
}

function setRow(rows: Map<string, StoredRecord>, id: string, record: StoredRecord | undefined): void {
  if (record) rows.set(id, record);
  else rows.delete(id);
}

function readTables(directory: Directory, environmentId: string): Map<string, Map<string, StoredRecord>> {
  const tables = new Map<string, Map<string, StoredRecord>>();
  const rows = selectAll<{ table_name: string; id: string; version: number; content: string }>(
    directory,
    'SELECT table_name, id, version, content FROM dataverse_records WHERE environment_id = ?',
    environmentId,
  );
  for (const row of rows) {
    const records = tables.get(row.table_name) ?? new Map<string, StoredRecord>();
    tables.set(row.table_name, records);
    records.set(row.id, { id: row.id, version: row.version, values: readRow(valuesSchema, row.content) });
  }
  return tables;
}

function readLastVersion(directory: Directory, environmentId: string): number | undefined {
  return selectOne<{ last_version: number }>(
    directory,
    'SELECT last_version FROM dataverse_versions WHERE environment_id = ?',
    environmentId,
  )?.last_version;
}
