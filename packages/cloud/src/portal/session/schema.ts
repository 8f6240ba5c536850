import type { Directory } from '../../directory/open-directory.ts';

const tables = `
  CREATE TABLE IF NOT EXISTS portal_sessions (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, signed_in_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS portal_sessions_by_age ON portal_sessions (signed_in_at);
`;

/** A working day; then Entra ID is asked again who it is. */
export const sessionMilliseconds = 8 * 60 * 60 * 1000;

/** Makes the portal's table in the directory and drops the sessions that are over. */
export function openPortalTables(directory: Directory): void {
  directory.db.exec(tables);
  directory
    .prepare('DELETE FROM portal_sessions WHERE signed_in_at < ?')
    .run(directory.clock.now() - sessionMilliseconds);
}
