import { type Kysely, sql } from 'kysely';
import { findOwnTables } from '../own-tables.ts';
import type { Database } from '../schema.ts';

/** A column that a table gets later. Rows that are there have its default, or null. */
export interface NewColumn {
  name: string;
  type: 'text' | 'integer' | 'bigint';
  /** Of a column that is never null. */
  usual?: string | number;
}

/**
 * Adds columns to a table, those of them that it has not yet: SQLite knows no "add column if not exists", and a process
 * may have been killed between two of them.
 */
export async function addMissingColumns(
  db: Kysely<Database>,
  table: keyof Database,
  columns: readonly NewColumn[],
): Promise<void> {
  const known = await knownColumns(db, table);
  for (const { name, type, usual } of columns) {
    if (known.has(name)) continue;
    await db.schema
      .alterTable(table)
      .addColumn(name, type, (column) =>
        usual === undefined
          ? column
          : column.notNull().defaultTo(typeof usual === 'string' ? sql.lit(usual) : usual),
      )
      .execute();
  }
}

async function knownColumns(db: Kysely<Database>, table: string): Promise<Set<string>> {
  const tables = await findOwnTables(db);
  return new Set(tables.find(({ name }) => name === table)?.columns.map(({ name }) => name));
}
