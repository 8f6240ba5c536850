import { createHash } from 'node:crypto';
import { selectOne } from '../../directory/open-directory.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { PortalContext } from '../visit/portal-context.ts';
import { sessionMilliseconds } from './schema.ts';

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

type SessionContext = Pick<PortalContext, 'directory' | 'random'>;

const cookieBytes = 32;

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
