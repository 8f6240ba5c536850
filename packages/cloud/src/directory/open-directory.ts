import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Clock } from '../clock.ts';
import { upgradeSchema } from './upgrade-schema.ts';

/** The state of the local cloud: tenants, users, applications, secrets, grants, in SQLite or in memory. */
export interface Directory {
  db: DatabaseSync;
  clock: Clock;
  /** Prepares once, then reuses: parsing SQL costs more than most of our look-ups. */
  prepare(sql: string): StatementSync;
  /** Runs `work` atomically; nested calls join the outer transaction. */
  transaction<T>(work: () => T): T;
  /** Runs `work`, which replaces the state as a whole, atomically; then tells who asked by `onReplaced`. */
  replaceAll(work: () => void): void;
  /** For whoever keeps rows in memory. */
  onReplaced(listener: () => void): void;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS tenants (
    id TEXT PRIMARY KEY, display_name TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS tenant_domains (
    name TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), is_initial INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS tenant_policies (
    tenant_id TEXT PRIMARY KEY REFERENCES tenants(id), policy TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id),
    user_principal_name TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
    tokens_valid_from INTEGER NOT NULL, profile TEXT NOT NULL, deleted_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS groups (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), display_name TEXT NOT NULL,
    kind TEXT NOT NULL, profile TEXT NOT NULL DEFAULT '{}', deleted_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS group_links (
    group_id TEXT NOT NULL REFERENCES groups(id), kind TEXT NOT NULL, object_id TEXT NOT NULL,
    PRIMARY KEY (group_id, kind, object_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS group_links_by_object ON group_links (object_id, kind);
  CREATE TABLE IF NOT EXISTS applications (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), app_id TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL, created_at INTEGER NOT NULL, deleted_at INTEGER, document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS applications_by_tenant ON applications (tenant_id, display_name);
  CREATE TABLE IF NOT EXISTS client_secrets (
    key_id TEXT PRIMARY KEY, application_id TEXT NOT NULL REFERENCES applications(id),
    display_name TEXT, hint TEXT NOT NULL, hash TEXT NOT NULL,
    start_at INTEGER NOT NULL, end_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS client_secrets_by_application ON client_secrets (application_id);
  CREATE TABLE IF NOT EXISTS application_owners (
    application_id TEXT NOT NULL REFERENCES applications(id), owner_id TEXT NOT NULL,
    PRIMARY KEY (application_id, owner_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS federated_issuers (issuer TEXT PRIMARY KEY, jwks TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS service_principals (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), app_id TEXT NOT NULL,
    display_name TEXT NOT NULL, account_enabled INTEGER NOT NULL, document TEXT NOT NULL,
    UNIQUE (tenant_id, app_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS service_principal_owners (
    service_principal_id TEXT NOT NULL REFERENCES service_principals(id), owner_id TEXT NOT NULL,
    PRIMARY KEY (service_principal_id, owner_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS deleted_service_principals (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), deleted_at INTEGER NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS permission_grants (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id),
    client_id TEXT NOT NULL REFERENCES service_principals(id),
    resource_id TEXT NOT NULL REFERENCES service_principals(id),
    consent_type TEXT NOT NULL, principal_id TEXT, scope TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX IF NOT EXISTS permission_grants_key
    ON permission_grants (client_id, resource_id, consent_type, ifnull(principal_id, ''));
  CREATE INDEX IF NOT EXISTS permission_grants_by_principal
    ON permission_grants (principal_id) WHERE principal_id IS NOT NULL;
  CREATE TABLE IF NOT EXISTS app_role_assignments (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), app_role_id TEXT NOT NULL,
    principal_id TEXT NOT NULL, principal_type TEXT NOT NULL, resource_id TEXT NOT NULL,
    created_at INTEGER NOT NULL, UNIQUE (principal_id, resource_id, app_role_id)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS applications_in_order
    ON applications (tenant_id, display_name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
  CREATE INDEX IF NOT EXISTS applications_by_unique_name
    ON applications (tenant_id, json_extract(document, '$.uniqueName')) WHERE deleted_at IS NULL;
  CREATE INDEX IF NOT EXISTS service_principals_in_order
    ON service_principals (tenant_id, display_name COLLATE NOCASE, id);
  CREATE TABLE IF NOT EXISTS consent_requests (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), app_id TEXT NOT NULL, user_id TEXT NOT NULL,
    reason TEXT NOT NULL, pending TEXT NOT NULL, created_at INTEGER NOT NULL,
    decision TEXT, decided_at INTEGER, decided_by TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS consent_requests_by_app ON consent_requests (tenant_id, app_id);
  CREATE TABLE IF NOT EXISTS environments (
    id TEXT PRIMARY KEY, tenant_id TEXT NOT NULL REFERENCES tenants(id), organization_id TEXT NOT NULL,
    url_name TEXT NOT NULL, unique_name TEXT NOT NULL, region_host TEXT NOT NULL, friendly_name TEXT NOT NULL
  ) STRICT;
`;

/** Made once every table is as it is said above. */
const laterIndexes = `
  CREATE INDEX IF NOT EXISTS living_users_in_order
    ON users (tenant_id, json_extract(profile, '$.displayName') COLLATE NOCASE, id) WHERE deleted_at IS NULL;
  DROP INDEX IF EXISTS users_in_order;
  CREATE INDEX IF NOT EXISTS groups_in_order
    ON groups (tenant_id, display_name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
`;

/**
 * Opens (and on the first use makes) the directory.
 *
 * @param file path of the SQLite file, or `:memory:`
 * @throws the SQLite error when the file can't be opened or is not a database
 */
export function openDirectory({ file, clock }: { file: string; clock: Clock }): Directory {
  const db = new DatabaseSync(file);
  // A process kill loses nothing with NORMAL; power loss may lose the last writes of a development tool.
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
  db.exec(schema);
  upgradeSchema(db);
  db.exec(laterIndexes);
  const statements = new Map<string, StatementSync>();
  const replacedListeners: (() => void)[] = [];
  let inTransaction = false;
  const directory: Directory = {
    db,
    clock,
    prepare(sql) {
      let statement = statements.get(sql);
      if (!statement) {
        statement = db.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
    transaction(work) {
      if (inTransaction) return work();
      db.exec('BEGIN IMMEDIATE');
      inTransaction = true;
      try {
        const result = work();
        db.exec('COMMIT');
        return result;
      } catch (error) {
        db.exec('ROLLBACK');
        throw error;
      } finally {
        inTransaction = false;
      }
    },
    replaceAll(work) {
      directory.transaction(work);
      for (const listener of replacedListeners) listener();
    },
    onReplaced(listener) {
      replacedListeners.push(listener);
    },
    close: () => db.close(),
  };
  return directory;
}

/** One row of a query whose columns the caller knows, or undefined. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the columns of its query
export function selectOne<Row>(directory: Directory, sql: string, ...parameters: SQLInputValue[]) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite knows no types of rows
  return directory.prepare(sql).get(...parameters) as Row | undefined;
}

/** Runs a statement. @returns whether it changed a row */
export function changesRow(directory: Directory, sql: string, ...parameters: SQLInputValue[]): boolean {
  return directory.prepare(sql).run(...parameters).changes !== 0;
}

/** All rows of a query whose columns the caller knows. */
export function selectAll<Row>(directory: Directory, sql: string, ...parameters: SQLInputValue[]) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite knows no types of rows
  return directory.prepare(sql).all(...parameters) as Row[];
}
