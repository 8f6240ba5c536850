import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What readiness writes to, to see whether the database takes writes. */
export async function createWriteProbes(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('write_probes')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('written_at', 'bigint', (column) => column.notNull())
    .execute();
}
