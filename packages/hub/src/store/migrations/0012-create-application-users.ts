import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** Applications that are let into their environments as themselves. */
export async function createApplicationUsers(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('application_users')
    .ifNotExists()
    .addColumn('connection_id', 'text', (column) => column.primaryKey())
    .addColumn('state', 'text', required)
    .addColumn('wanted_roles', 'text')
    .addColumn('available_roles', 'text')
    .addColumn('given_roles', 'text', required)
    .addColumn('business_unit_id', 'text')
    .addColumn('user_id', 'text')
    .addColumn('made_by_hub', 'integer')
    .addColumn('sealed_sign_in_link', 'text')
    .addColumn('sealed_administrator_token', 'text')
    .addColumn('administrator_token_expires_at', 'bigint')
    .addColumn('steps', 'text', required)
    .addColumn('version', 'integer', required)
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema
    .createIndex('application_users_by_state')
    .ifNotExists()
    .on('application_users')
    .column('state')
    .execute();
}
