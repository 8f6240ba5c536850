import { type Kysely, sql, type TableMetadata } from 'kysely';
import type { Database } from './schema.ts';

/**
 * The tables that unqualified names mean: on PostgreSQL those of the first schema of the search path, since another hub
 * may keep its tables in another schema of the same database.
 */
export async function findOwnTables(db: Kysely<Database>): Promise<TableMetadata[]> {
  const tables = await db.introspection.getTables();
  // SQLite has no schemas.
  if (tables.every(({ schema }) => schema === undefined)) return tables;
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db);
  return tables.filter(({ schema }) => schema === rows[0]?.name);
}
