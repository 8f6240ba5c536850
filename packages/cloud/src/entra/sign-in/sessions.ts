import { selectOne } from '../../directory/open-directory.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';
import { digestOpaqueText, makeOpaqueText } from '../token/opaque-text.ts';
import type { AuthenticationMethod } from './sign-in-facts.ts';

/** A browser's single sign-on session: who signed in, when and how. */
export interface Session {
  /** Given to apps as `session_state`. */
  id: string;
  user: User;
  /** Epoch milliseconds. */
  signedInAt: number;
  methods: readonly AuthenticationMethod[];
}

interface SessionRow {
  session_id: string;
  user_id: string;
  signed_in_at: number;
  has_second_factor: number;
  is_kept: number;
}

type SessionContext = Pick<EntraContext, 'directory' | 'random'>;

const dayMilliseconds = 86_400_000;
/** A session ends after a day; one that is kept ("Stay signed in?") after 90. */
const sessionDays = 1;
export const keptSessionDays = 90;

/** Starts a session; `cookie` is the only thing that opens it again. */
export function startSession(
  { directory, random }: SessionContext,
  user: User,
): { cookie: string; session: Session } {
  const cookie = makeOpaqueText(random, 'session');
  const session: Session = { id: random.guid(), user, signedInAt: directory.clock.now(), methods: ['pwd'] };
  directory
    .prepare(
      `INSERT INTO entra_browser_sessions (hash, session_id, user_id, signed_in_at, has_second_factor, is_kept)
       VALUES (?, ?, ?, ?, 0, 0)`,
    )
    .run(digestOpaqueText(cookie), session.id, user.id, session.signedInAt);
  return { cookie, session };
}

/** The living session of a cookie: its user exists, is enabled, and was not signed out everywhere since. */
export function findSession(
  { directory }: Pick<SessionContext, 'directory'>,
  cookie: string | undefined,
): Session | undefined {
  if (!cookie) return undefined;
  const row = selectOne<SessionRow>(
    directory,
    'SELECT * FROM entra_browser_sessions WHERE hash = ?',
    digestOpaqueText(cookie),
  );
  if (!row) return undefined;
  const days = row.is_kept === 1 ? keptSessionDays : sessionDays;
  if (row.signed_in_at + days * dayMilliseconds <= directory.clock.now()) return undefined;
  const user = findUser(directory, row.user_id);
  if (!user?.enabled || row.signed_in_at <= user.tokensValidFrom) return undefined;
  return {
    id: row.session_id,
    user,
    signedInAt: row.signed_in_at,
    methods: row.has_second_factor === 1 ? ['pwd', 'mfa'] : ['pwd'],
  };
}

/** The person gave their one-time code. */
export function addSecondFactor({ directory }: Pick<SessionContext, 'directory'>, session: Session): Session {
  directory
    .prepare('UPDATE entra_browser_sessions SET has_second_factor = 1 WHERE session_id = ?')
    .run(session.id);
  return { ...session, methods: ['pwd', 'mfa'] };
}

/** The person wants to stay signed in. */
export function keepSession({ directory }: Pick<SessionContext, 'directory'>, { id }: Session): void {
  directory.prepare('UPDATE entra_browser_sessions SET is_kept = 1 WHERE session_id = ?').run(id);
}

export function endSession(
  { directory }: Pick<SessionContext, 'directory'>,
  cookie: string | undefined,
): void {
  if (!cookie) return;
  directory.prepare('DELETE FROM entra_browser_sessions WHERE hash = ?').run(digestOpaqueText(cookie));
}
