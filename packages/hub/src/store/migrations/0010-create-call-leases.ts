import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** By what hub processes share out the calls that an environment takes of a user at once. */
export async function createCallLeases(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('call_processes')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('leased_until', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('call_leases')
    .ifNotExists()
    .addColumn('user_key', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('leased_until', 'bigint', (column) => column.notNull())
    .addColumn('wanted_until', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_leases_key', ['user_key', 'number'])
    .execute();
  await db.schema
    .createIndex('call_leases_by_owner')
    .ifNotExists()
    .on('call_leases')
    .column('owner')
    .execute();
}
