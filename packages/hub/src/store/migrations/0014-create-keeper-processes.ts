import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** What each process reports of its keeper. */
export async function createKeeperProcesses(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('keeper_processes')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', required)
    .addColumn('is_on', 'integer', required)
    .addColumn('started_at', 'bigint', required)
    .addColumn('seen_at', 'bigint', required)
    .addColumn('under_way', 'integer', required)
    .addColumn('kinds', 'text', required)
    .execute();
  await db.schema
    .createIndex('keeper_processes_by_time')
    .ifNotExists()
    .on('keeper_processes')
    .column('seen_at')
    .execute();
}
