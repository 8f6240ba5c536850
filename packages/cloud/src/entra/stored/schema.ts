import type { CloudContext } from '../../cloud-context.ts';
import { type Directory, selectAll, selectOne } from '../../directory/open-directory.ts';
import { millisecondsPerDay } from '../../ground/durations.ts';
import { keptSessionDays } from './sessions.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS entra_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS entra_browser_sessions (
    hash TEXT PRIMARY KEY, session_id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, signed_in_at INTEGER NOT NULL,
    has_second_factor INTEGER NOT NULL, is_kept INTEGER NOT NULL, signed_out_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entra_browser_sessions_by_age ON entra_browser_sessions (signed_in_at);
  CREATE TABLE IF NOT EXISTS entra_session_apps (
    session_id TEXT NOT NULL, app_id TEXT NOT NULL, tenant_id TEXT NOT NULL, PRIMARY KEY (session_id, app_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entra_wrong_passwords (
    user_id TEXT PRIMARY KEY, count INTEGER NOT NULL, last_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS entra_authorization_codes (
    hash TEXT PRIMARY KEY, grant_json TEXT NOT NULL, created_at INTEGER NOT NULL, redeemed_at INTEGER
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entra_authorization_codes_by_age ON entra_authorization_codes (created_at);
  CREATE TABLE IF NOT EXISTS entra_refresh_tokens (
    hash TEXT PRIMARY KEY, grant_json TEXT NOT NULL, issued_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL,
    is_spent INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entra_refresh_tokens_by_age ON entra_refresh_tokens (last_used_at);
  CREATE TABLE IF NOT EXISTS entra_device_codes (
    hash TEXT PRIMARY KEY, user_code TEXT NOT NULL UNIQUE, request_json TEXT NOT NULL,
    status TEXT NOT NULL, approval_json TEXT, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entra_device_codes_by_age ON entra_device_codes (created_at);
  CREATE TABLE IF NOT EXISTS entra_client_assertions (
    client_id TEXT NOT NULL, jti TEXT NOT NULL, hash TEXT NOT NULL, ends_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS entra_client_assertions_by_end ON entra_client_assertions (ends_at);
`;

const keyBytes = 32;
/** Rows that only serve to say "expired" are kept this long, so that late callers are told why. */
const keptSpentDays = 1;
const keptIdleRefreshTokenDays = 180;

/**
 * Makes Entra's own tables in the directory and drops what nobody can use any more. Codes and tokens are stored
 * as SHA-256 of their text, so the database file gives nothing away.
 */
export function openEntraTables(directory: Directory): void {
  directory.db.exec(tables);
  addLaterColumns(directory);
  const now = directory.clock.now();
  const spent = now - keptSpentDays * millisecondsPerDay;
  directory.transaction(() => {
    directory
      .prepare('DELETE FROM entra_browser_sessions WHERE signed_in_at < ?')
      .run(now - keptSessionDays * millisecondsPerDay);
    directory
      .prepare(
        'DELETE FROM entra_session_apps WHERE session_id NOT IN (SELECT session_id FROM entra_browser_sessions)',
      )
      .run();
    directory.prepare('DELETE FROM entra_authorization_codes WHERE created_at < ?').run(spent);
    directory.prepare('DELETE FROM entra_device_codes WHERE created_at < ?').run(spent);
    directory.prepare('DELETE FROM entra_client_assertions WHERE ends_at < ?').run(now);
    directory
      .prepare('DELETE FROM entra_refresh_tokens WHERE last_used_at < ?')
      .run(now - keptIdleRefreshTokenDays * millisecondsPerDay);
  });
}

/** Data folders of earlier versions lack these columns. */
const laterColumns = [
  { table: 'entra_browser_sessions', name: 'signed_out_at', type: 'INTEGER' },
  { table: 'entra_refresh_tokens', name: 'is_spent', type: 'INTEGER NOT NULL DEFAULT 0' },
] as const;

function addLaterColumns(directory: Directory): void {
  for (const { table, name, type } of laterColumns) {
    const columns = selectAll<{ name: string }>(directory, `PRAGMA table_info(${table})`);
    if (columns.some((column) => column.name === name)) continue;
    directory.db.exec(`ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  }
}

/** The key that signs what the pages carry from step to step; made once, so that a restart breaks no sign-in. */
export function loadFlowKey({ directory, random }: Pick<CloudContext, 'directory' | 'random'>): Buffer {
  directory
    .prepare(`INSERT OR IGNORE INTO entra_settings (name, value) VALUES ('flow_key', ?)`)
    .run(random.bytes(keyBytes).toString('base64url'));
  const row = selectOne<{ value: string }>(
    directory,
    `SELECT value FROM entra_settings WHERE name = 'flow_key'`,
  );
  if (!row) throw new Error('The directory holds no flow key right after one was stored.');
  return Buffer.from(row.value, 'base64url');
}
