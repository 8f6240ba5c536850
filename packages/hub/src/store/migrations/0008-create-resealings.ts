import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** How far a rotation of keys has come, a row for each table that has sealed columns. */
export async function createResealings(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('resealings')
    .ifNotExists()
    .addColumn('table_name', 'text', (column) => column.primaryKey())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('done_up_to', 'text', (column) => column.notNull())
    .addColumn('resealed', 'bigint', (column) => column.notNull())
    .addColumn('unreadable', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
}
