import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** By what hub processes tell each other of authorities that don't answer. */
export async function shareOutages(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('authority_outages')
    .ifNotExists()
    .addColumn('origin', 'text', (column) => column.primaryKey())
    .addColumn('away_since', 'bigint', required)
    .addColumn('pause', 'bigint', required)
    .addColumn('probe_at', 'bigint', required)
    .execute();
}
