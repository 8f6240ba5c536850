import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { systemSleep } from '../ground/clock.ts';
import { type Migration, migrations } from './migrations/migrations.ts';
import type { Database } from './schema.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';

/** A table as the migrations make it, on either engine. */
export interface TableShape {
  name: string;
  columns: readonly string[];
  /** The columns of its primary key, by which its rows are read in order. */
  key: readonly string[];
}

/** @returns the tables that these migrations make, found out by making them in a database that is thrown away */
export async function describeTables(steps: readonly Migration[] = migrations): Promise<TableShape[]> {
  const database = new DatabaseSync(':memory:');
  const db = new Kysely<Database>({
    dialect: createSqliteDialect(database, { sleep: systemSleep, provePlace: () => undefined }),
  });
  try {
    for (const step of steps) await step.up(db, 0);
    const names = database.prepare("select name from sqlite_schema where type = 'table' order by name").all();
    return names.map(({ name }) => describeTable(database, String(name)));
  } finally {
    await db.destroy();
  }
}

function describeTable(database: DatabaseSync, name: string): TableShape {
  const columns = database.prepare('select name, pk from pragma_table_info(?)').all(name);
  const key = columns.filter(({ pk }) => pk !== 0).toSorted((a, b) => Number(a.pk) - Number(b.pk));
  return {
    name,
    columns: columns.map((column) => String(column.name)),
    key: key.map((column) => String(column.name)),
  };
}
