import { createHash } from 'node:crypto';
import { type Directory, selectOne } from '../../directory/open-directory.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { Random } from '../../random.ts';

/** A person who is signed in to the portal in one browser. */
export interface PortalSession {
  /** SHA-256 of the cookie, so that the database gives no session away. */
  id: string;
  user: User;
  tenant: Tenant;
  /** What every form of this session carries; another site can't know it. */
  formToken: string;
}

interface SessionRow {
  user_id: string;
  signed_in_at: number;
}

interface SessionContext {
  directory: Directory;
  random: Random;
}

const cookieBytes = 32;

const tables = `
  CREATE TABLE IF NOT EXISTS portal_sessions (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL, signed_in_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS portal_sessions_by_age ON portal_sessions (signed_in_at);
`;

/** A working day; then Entra ID is asked again who it is. */
const sessionMilliseconds = 8 * 60 * 60 * 1000;

/** Makes the portal's table in the directory and drops the sessions that are over. */
export function openPortalTables(directory: Directory): void {
  directory.db.exec(tables);
  directory
    .prepare('DELETE FROM portal_sessions WHERE signed_in_at < ?')
    .run(directory.clock.now() - sessionMilliseconds);
}

/** Starts a session; the returned cookie is the only thing that opens it again. */
export function startSession({ directory, random }: SessionContext, user: User): string {
  const cookie = random.bytes(cookieBytes).toString('base64url');
  directory
    .prepare('INSERT INTO portal_sessions (id, user_id, signed_in_at) VALUES (?, ?, ?)')
    .run(digest('session', cookie), user.id, directory.clock.now());
  return cookie;
}

/** The living session of a cookie: not over, its user enabled and not signed out everywhere since. */
export function findSession(
  { directory }: Pick<SessionContext, 'directory'>,
  cookie: string | undefined,
): PortalSession | undefined {
  if (!cookie) return undefined;
  const id = digest('session', cookie);
  const row = selectOne<SessionRow>(
    directory,
    'SELECT user_id, signed_in_at FROM portal_sessions WHERE id = ?',
    id,
  );
  if (!row || row.signed_in_at + sessionMilliseconds <= directory.clock.now()) return undefined;
  const user = findUser(directory, row.user_id);
  if (!user?.enabled || row.signed_in_at <= user.tokensValidFrom) return undefined;
  const tenant = findTenant(directory, user.tenantId);
  return tenant && { id, user, tenant, formToken: digest('form', cookie) };
}

export function endSession({ directory }: Pick<SessionContext, 'directory'>, id: string): void {
  directory.prepare('DELETE FROM portal_sessions WHERE id = ?').run(id);
}

function digest(purpose: 'session' | 'form', cookie: string): string {
  return createHash('sha256').update(`${purpose}:${cookie}`).digest('base64url');
}
