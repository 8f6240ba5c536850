import type { SQLInputValue } from 'node:sqlite';
import { type Directory, selectAll } from '../directory/open-directory.ts';

/** The rows of every table at one moment, in memory. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, TableCopy>;
}

interface TableCopy {
  /** The statement that makes the table: services make theirs when they are first asked for. */
  readonly definition: string;
  readonly rows: readonly Row[];
}

type Row = Readonly<Record<string, SQLInputValue>>;

/** Keys live as long as the process that holds them in memory, whatever becomes of the state. */
const keptTables = ['signing_keys', 'entra_settings'];

/** Copies everything but the keys: the directory, sessions, codes and tokens, the rows of the CRM. */
export function takeSnapshot(directory: Directory): Snapshot {
  const tables = stateTables(directory).map(({ name, sql }): [string, TableCopy] => [
    name,
    { definition: sql, rows: selectAll<Row>(directory, `SELECT * FROM "${name}" ORDER BY rowid`) },
  ]);
  return { tables: new Map(tables) };
}

/** Brings everything to how it was in the snapshot, which may be another cloud's; what came since is gone. */
export function restoreSnapshot(directory: Directory, snapshot: Snapshot): void {
  directory.replaceAll(() => {
    clearState(directory);
    const known = new Set(stateTables(directory).map(({ name }) => name));
    for (const [table, { definition, rows }] of snapshot.tables) {
      if (!known.has(table)) directory.db.exec(definition);
      for (const row of rows) insertRow(directory, table, row);
    }
  });
}

/** Deletes everything but the keys. Only within `replaceAll`. */
export function clearState(directory: Directory): void {
  // Rows refer to each other; at the commit all is well again.
  directory.db.exec('PRAGMA defer_foreign_keys = ON');
  for (const { name } of stateTables(directory)) directory.prepare(`DELETE FROM "${name}"`).run();
}

function stateTables(directory: Directory): { name: string; sql: string }[] {
  return selectAll<{ name: string; sql: string }>(
    directory,
    `SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  ).filter(({ name }) => !keptTables.includes(name));
}

function insertRow(directory: Directory, table: string, row: Row): void {
  const names = Object.keys(row);
  const columns = names.map((name) => `"${name}"`).join(', ');
  const places = names.map(() => '?').join(', ');
  directory.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${places})`).run(...Object.values(row));
}
