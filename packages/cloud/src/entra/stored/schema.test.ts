import { afterEach, beforeEach, expect, it } from 'vitest';
import { selectAll } from '../../directory/open-directory.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import { loadFlowKey, openEntraTables } from './schema.ts';

const now = Date.UTC(2026, 0, 31, 10);
const day = 86_400_000;

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

/** The keys of a table's rows after the tables were opened again. */
function keysLeft(table: string, column: string): string[] {
  const { directory } = entra.context;
  openEntraTables(directory);
  return selectAll<{ key: string }>(directory, `SELECT ${column} AS key FROM ${table} ORDER BY 1`).map(
    ({ key }) => key,
  );
}

function insert(sql: string, rows: (string | number)[][]): void {
  const statement = entra.context.directory.prepare(sql);
  for (const row of rows) statement.run(...row);
}

it('forgets accounts of 90 days ago, and the apps of sessions that nobody knows', () => {
  insert(
    `INSERT INTO entra_browser_sessions (hash, session_id, user_id, signed_in_at, has_second_factor, is_kept)
     VALUES (?, ?, 'u', ?, 0, 0)`,
    [
      ['kept', 's-kept', now - 90 * day],
      ['old', 's-old', now - 90 * day - 1],
    ],
  );
  insert('INSERT INTO entra_session_apps (session_id, app_id, tenant_id) VALUES (?, ?, ?)', [
    ['s-kept', 'a', 't'],
    ['s-old', 'a', 't'],
  ]);
  expect(keysLeft('entra_browser_sessions', 'hash')).toEqual(['kept']);
  expect(keysLeft('entra_session_apps', 'session_id')).toEqual(['s-kept']);
});

it('keeps spent codes for a day, to say what became of them', () => {
  insert('INSERT INTO entra_authorization_codes (hash, grant_json, created_at) VALUES (?, ?, ?)', [
    ['kept', '{}', now - day],
    ['old', '{}', now - day - 1],
  ]);
  insert(
    `INSERT INTO entra_device_codes (hash, user_code, request_json, status, created_at)
     VALUES (?, ?, '{}', 'pending', ?)`,
    [
      ['kept', 'A', now - day],
      ['old', 'B', now - day - 1],
    ],
  );
  expect(keysLeft('entra_authorization_codes', 'hash')).toEqual(['kept']);
  expect(keysLeft('entra_device_codes', 'hash')).toEqual(['kept']);
});

it('keeps assertions while they could be sent again, and refresh tokens for 180 days without use', () => {
  insert('INSERT INTO entra_client_assertions (client_id, jti, hash, ends_at) VALUES (?, ?, ?, ?)', [
    ['c', 'kept', 'h', now],
    ['c', 'old', 'h', now - 1],
  ]);
  insert(
    `INSERT INTO entra_refresh_tokens (hash, grant_json, issued_at, last_used_at) VALUES (?, '{}', 0, ?)`,
    [
      ['kept', now - 180 * day],
      ['old', now - 180 * day - 1],
    ],
  );
  expect(keysLeft('entra_client_assertions', 'jti')).toEqual(['kept']);
  expect(keysLeft('entra_refresh_tokens', 'hash')).toEqual(['kept']);
});

it('keeps the flow key that was made first', () => {
  const first = loadFlowKey(entra.context);
  expect(first).toHaveLength(32);
  expect(loadFlowKey(entra.context)).toEqual(first);
});
