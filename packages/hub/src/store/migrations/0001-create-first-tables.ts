import type { ColumnDefinitionBuilder, Kysely } from 'kysely';
import type { Database } from '../schema.ts';

const key = (column: ColumnDefinitionBuilder) => column.primaryKey();
const required = (column: ColumnDefinitionBuilder) => column.notNull();

/** The tables of `schema.ts` and the indexes that its queries go through. */
export async function createFirstTables(db: Kysely<Database>): Promise<void> {
  await createConnections(db);
  await createTokenSets(db);
  await createSignInTickets(db);
  await createAuthorizations(db);
  await createRegistrations(db);
  await createApiKeys(db);
  await createSessions(db);
  await createEntryCodes(db);
  await createVaultCanaries(db);
}

async function createConnections(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('connections')
    .ifNotExists()
    .addColumn('id', 'text', key)
    .addColumn('provider', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('description', 'text', required)
    .addColumn('method', 'text', required)
    .addColumn('environment_url', 'text', required)
    .addColumn('tenant_id', 'text')
    .addColumn('client_id', 'text', required)
    .addColumn('registration_id', 'text')
    .addColumn('sealed_client_secret', 'text')
    .addColumn('endpoint_version', 'text', required)
    .addColumn('token_url', 'text')
    .addColumn('request_timeout_seconds', 'integer', required)
    .addColumn('disabled', 'integer', required)
    .addColumn('user_name', 'text')
    .addColumn('identity_notice', 'text')
    .addColumn('last_proven_at', 'bigint')
    .addColumn('last_failure', 'text')
    .addColumn('last_failure_at', 'bigint')
    .addColumn('failure_state', 'text')
    .addColumn('next_try_at', 'bigint')
    .addColumn('failed_tries', 'integer', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('updated_at', 'bigint', required)
    .execute();
  await db.schema
    .createIndex('connections_by_creation')
    .ifNotExists()
    .on('connections')
    .columns(['created_at', 'id'])
    .execute();
  await db.schema
    .createIndex('connections_by_registration')
    .ifNotExists()
    .on('connections')
    .column('registration_id')
    .execute();
}

async function createTokenSets(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('token_sets')
    .ifNotExists()
    .addColumn('connection_id', 'text', key)
    .addColumn('version', 'integer', required)
    .addColumn('sealed_access_token', 'text')
    .addColumn('sealed_refresh_token', 'text')
    .addColumn('access_token_digest', 'text')
    .addColumn('obtained_at', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('refresh_token_obtained_at', 'bigint')
    .addColumn('facts', 'text')
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint', required)
    .addColumn('lease_fence', 'integer', required)
    .execute();
  await db.schema
    .createIndex('token_sets_by_end')
    .ifNotExists()
    .on('token_sets')
    .column('expires_at')
    .execute();
}

async function createSignInTickets(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('sign_in_tickets')
    .ifNotExists()
    .addColumn('ticket_hash', 'text', key)
    .addColumn('purpose', 'text', required)
    .addColumn('subject_id', 'text', required)
    .addColumn('browser_hash', 'text')
    .addColumn('expires_at', 'bigint', required)
    .execute();
  await db.schema
    .createIndex('sign_in_tickets_by_end')
    .ifNotExists()
    .on('sign_in_tickets')
    .column('expires_at')
    .execute();
  await db.schema
    .createIndex('sign_in_tickets_by_subject')
    .ifNotExists()
    .on('sign_in_tickets')
    .column('subject_id')
    .execute();
}

async function createAuthorizations(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('authorizations')
    .ifNotExists()
    .addColumn('state_hash', 'text', key)
    .addColumn('purpose', 'text', required)
    .addColumn('subject_id', 'text', required)
    .addColumn('sealed_code_verifier', 'text', required)
    .addColumn('browser_hash', 'text', required)
    .addColumn('redirect_uri', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .addColumn('consumed_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('authorizations_by_end')
    .ifNotExists()
    .on('authorizations')
    .column('expires_at')
    .execute();
  await db.schema
    .createIndex('authorizations_by_subject')
    .ifNotExists()
    .on('authorizations')
    .column('subject_id')
    .execute();
}

async function createRegistrations(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('registrations')
    .ifNotExists()
    .addColumn('id', 'text', key)
    .addColumn('kind', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('state', 'text', required)
    .addColumn('sign_in_audience', 'text', required)
    .addColumn('redirect_uri', 'text', required)
    .addColumn('authority_tenant', 'text', required)
    .addColumn('tenant_id', 'text')
    .addColumn('tenant_name', 'text')
    .addColumn('client_id', 'text')
    .addColumn('application_object_id', 'text')
    .addColumn('service_principal_id', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('admin_consent_granted', 'integer', required)
    .addColumn('sealed_client_secret', 'text')
    .addColumn('client_secret_key_id', 'text')
    .addColumn('client_secret_hint', 'text')
    .addColumn('client_secret_ends_at', 'bigint')
    .addColumn('secret_lifetime_days', 'integer', required)
    .addColumn('administrator_sign_in', 'text', required)
    .addColumn('sealed_sign_in_link', 'text')
    .addColumn('device_code_display', 'text')
    .addColumn('sealed_device_code', 'text')
    .addColumn('device_code_expires_at', 'bigint')
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
    .createIndex('registrations_by_creation')
    .ifNotExists()
    .on('registrations')
    .columns(['created_at', 'id'])
    .execute();
  await db.schema
    .createIndex('registrations_by_state')
    .ifNotExists()
    .on('registrations')
    .column('state')
    .execute();
}

async function createApiKeys(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .ifNotExists()
    .addColumn('id', 'text', key)
    .addColumn('name', 'text', required)
    .addColumn('prefix', 'text', required)
    .addColumn('key_hash', 'text', required)
    .addColumn('created_at', 'bigint', required)
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('api_keys_by_hash')
    .ifNotExists()
    .unique()
    .on('api_keys')
    .column('key_hash')
    .execute();
  await db.schema
    .createIndex('api_keys_by_creation')
    .ifNotExists()
    .on('api_keys')
    .columns(['created_at', 'id'])
    .execute();
}

async function createSessions(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .ifNotExists()
    .addColumn('session_hash', 'text', key)
    .addColumn('created_at', 'bigint', required)
    .addColumn('expires_at', 'bigint', required)
    .execute();
  await db.schema.createIndex('sessions_by_end').ifNotExists().on('sessions').column('expires_at').execute();
}

async function createEntryCodes(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('entry_codes')
    .ifNotExists()
    .addColumn('code_hash', 'text', key)
    .addColumn('expires_at', 'bigint', required)
    .addColumn('used_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('entry_codes_by_end')
    .ifNotExists()
    .on('entry_codes')
    .column('expires_at')
    .execute();
}

async function createVaultCanaries(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('vault_canaries')
    .ifNotExists()
    .addColumn('key_id', 'text', key)
    .addColumn('sealed_canary', 'text', required)
    .execute();
}
