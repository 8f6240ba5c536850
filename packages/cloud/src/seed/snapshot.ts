import type { SQLInputValue } from 'node:sqlite';
import { type Directory, selectAll } from '../directory/open-directory.ts';

/** The rows of every table at one moment, in memory. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, readonly Row[]>;
}

type Row = Readonly<Record<string, SQLInputValue>>;

/** Keys live as long as the process that holds them in memory, whatever becomes of the state. */
const keptTables = ['signing_keys', 'entra_settings'];

/** Copies everything but the keys: the directory, sessions, codes and tokens, the rows of the CRM. */
export function takeSnapshot(directory: Directory): Snapshot {
  const tables = stateTables(directory).map((table): [string, Row[]] => [
    table,
    selectAll<Row>(directory, `SELECT * FROM "${table}" ORDER BY rowid`),
  ]);
  return { tables: new Map(tables) };
}

/** Brings everything back to how it was; what came since is gone. */
export function restoreSnapshot(directory: Directory, snapshot: Snapshot): void {
  directory.replaceAll(() => {
    clearState(directory);
    for (const [table, rows] of snapshot.tables) {
      for (const row of rows) insertRow(directory, table, row);
    }
  });
}

/** Deletes everything but the keys. Only within `replaceAll`. */
export function clearState(directory: Directory): void {
  // Rows refer to each other; at the commit all is well again.
  directory.db.exec('PRAGMA defer_foreign_keys = ON');
  for (const table of stateTables(directory)) directory.prepare(`DELETE FROM "${table}"`).run();
}

function stateTables(directory: Directory): string[] {
  return selectAll<{ name: string }>(
    directory,
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
  )
    .map(({ name }) => name)
    .filter((name) => !keptTables.includes(name));
}

function insertRow(directory: Directory, table: string, row: Row): void {
  const names = Object.keys(row);
  const columns = names.map((name) => `"${name}"`).join(', ');
  const places = names.map(() => '?').join(', ');
  directory.prepare(`INSERT INTO "${table}" (${columns}) VALUES (${places})`).run(...Object.values(row));
}
