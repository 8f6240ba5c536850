import { selectOne } from '../../directory/open-directory.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';
import { digestOpaqueText, makeOpaqueText } from '../token/opaque-text.ts';

/** A browser's single sign-on session: who signed in, and when. */
export interface Session {
  /** Given to apps as `session_state`. */
  id: string;
  user: User;
  /** Epoch milliseconds. */
  signedInAt: number;
}

interface SessionRow {
  session_id: string;
  user_id: string;
  signed_in_at: number;
}

/** A session that is not kept ("Stay signed in?") ends after a day. */
const sessionMilliseconds = 86_400_000;

/** Starts a session; `cookie` is the only thing that opens it again. */
export function startSession(
  { directory, random }: Pick<EntraContext, 'directory' | 'random'>,
  user: User,
): { cookie: string; session: Session } {
  const cookie = makeOpaqueText(random, 'session');
  const session: Session = { id: random.guid(), user, signedInAt: directory.clock.now() };
  directory
    .prepare('INSERT INTO entra_sessions (hash, session_id, user_id, signed_in_at) VALUES (?, ?, ?, ?)')
    .run(digestOpaqueText(cookie), session.id, user.id, session.signedInAt);
  return { cookie, session };
}

/** The living session of a cookie: its user exists, is enabled, and was not signed out everywhere since. */
export function findSession(
  { directory }: Pick<EntraContext, 'directory'>,
  cookie: string | undefined,
): Session | undefined {
  if (!cookie) return undefined;
  const row = selectOne<SessionRow>(
    directory,
    'SELECT session_id, user_id, signed_in_at FROM entra_sessions WHERE hash = ?',
    digestOpaqueText(cookie),
  );
  if (!row || row.signed_in_at + sessionMilliseconds <= directory.clock.now()) return undefined;
  const user = findUser(directory, row.user_id);
  if (!user?.enabled || row.signed_in_at <= user.tokensValidFrom) return undefined;
  return { id: row.session_id, user, signedInAt: row.signed_in_at };
}

export function endSession({ directory }: Pick<EntraContext, 'directory'>, cookie: string | undefined): void {
  if (!cookie) return;
  directory.prepare('DELETE FROM entra_sessions WHERE hash = ?').run(digestOpaqueText(cookie));
}
