import { selectOne } from '../../directory/open-directory.ts';
import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { findUser, type User } from '../../directory/users.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../../ground/durations.ts';
import type { EntraContext } from '../entra-context.ts';
import { digestOpaqueText, makeOpaqueText } from './opaque-text.ts';
import type { AuthenticationMethod } from './sign-in-facts.ts';

/** A person's single sign-on session in one browser: who signed in, when and how. */
export interface Session {
  /** Given to apps as `session_state`. */
  id: string;
  user: User;
  /** Epoch milliseconds. */
  signedInAt: number;
  methods: readonly AuthenticationMethod[];
}

/** An account that a browser knows. */
export interface BrowserAccount {
  /** What the browser's cookie holds for it; nothing else opens it again. */
  key: string;
  user: User;
  /** Undefined once it is signed out: then it is remembered by its name alone. */
  session: Session | undefined;
  /** What ended the session from elsewhere, if something did. */
  endedBy: 'revocation' | 'password_change' | undefined;
  /** When its password was given here last, epoch milliseconds. */
  signedInAt: number;
  /** "Stay signed in?" was answered with yes: the browser keeps it when it is closed. */
  isKept: boolean;
}

interface SessionRow {
  session_id: string;
  user_id: string;
  signed_in_at: number;
  has_second_factor: number;
  is_kept: number;
  signed_out_at: number | null;
}

type SessionContext = Pick<EntraContext, 'directory' | 'policies' | 'random'>;

/** A session ends after a day; one that is kept ("Stay signed in?") after 90. */
const sessionDays = 1;
export const keptSessionDays = 90;

/** Starts a session in the place of what the browser knew of this account; a session that lives goes on by its id. */
export function startSession(
  { directory, random }: Pick<SessionContext, 'directory' | 'random'>,
  user: User,
  earlier: BrowserAccount | undefined,
): BrowserAccount & { session: Session } {
  const key = makeOpaqueText(random, 'session');
  const id = earlier?.session?.id ?? random.guid();
  const session: Session = { id, user, signedInAt: directory.clock.now(), methods: ['pwd'] };
  directory.transaction(() => {
    if (earlier) forgetAccount({ directory }, earlier);
    directory
      .prepare(
        `INSERT INTO entra_browser_sessions (hash, session_id, user_id, signed_in_at, has_second_factor, is_kept)
         VALUES (?, ?, ?, ?, 0, 0)`,
      )
      .run(digestOpaqueText(key), id, user.id, session.signedInAt);
  });
  return { key, user, session, endedBy: undefined, signedInAt: session.signedInAt, isKept: false };
}

/** The accounts that these keys open, the signed-in ones first, then those that signed in last. */
export function findAccounts(context: SessionContext, keys: readonly string[]): BrowserAccount[] {
  return keys
    .flatMap((key) => findAccount(context, key) ?? [])
    .toSorted(
      (left, right) =>
        Number(right.session !== undefined) - Number(left.session !== undefined) ||
        right.signedInAt - left.signedInAt,
    );
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

/** Ends the account's session; the browser goes on remembering its name. */
export function endSession({ directory }: Pick<SessionContext, 'directory'>, { key }: BrowserAccount): void {
  directory
    .prepare('UPDATE entra_browser_sessions SET signed_out_at = ? WHERE hash = ? AND signed_out_at IS NULL')
    .run(directory.clock.now(), digestOpaqueText(key));
}

/** Ends the account's session and forgets that it was ever used in this browser. */
export function forgetAccount(
  { directory }: Pick<SessionContext, 'directory'>,
  { key }: BrowserAccount,
): void {
  directory.prepare('DELETE FROM entra_browser_sessions WHERE hash = ?').run(digestOpaqueText(key));
}

function findAccount(context: SessionContext, key: string): BrowserAccount | undefined {
  const { directory } = context;
  const row = selectOne<SessionRow>(
    directory,
    'SELECT * FROM entra_browser_sessions WHERE hash = ?',
    digestOpaqueText(key),
  );
  if (!row || isPast(directory, row.signed_in_at + keptSessionDays * millisecondsPerDay)) return undefined;
  const user = findUser(directory, row.user_id);
  if (!user) return undefined;
  const endedBy = endOfSession(row, user);
  const session: Session | undefined =
    endedBy === undefined && isSignedIn(context, row, user)
      ? {
          id: row.session_id,
          user,
          signedInAt: row.signed_in_at,
          methods: row.has_second_factor === 1 ? ['pwd', 'mfa'] : ['pwd'],
        }
      : undefined;
  return { key, user, session, endedBy, signedInAt: row.signed_in_at, isKept: row.is_kept === 1 };
}

function endOfSession(row: SessionRow, user: User): BrowserAccount['endedBy'] {
  if (row.signed_in_at <= user.tokensValidFrom) return 'revocation';
  return row.signed_in_at < (user.passwordChangedAt ?? 0) ? 'password_change' : undefined;
}

/**
 * Whether a session lives otherwise: not signed out here, its user enabled, not over, and younger than the
 * tenant's sign-in frequency, by which each account has to give its password anew.
 */
function isSignedIn({ directory, policies }: SessionContext, row: SessionRow, user: User): boolean {
  if (row.signed_out_at !== null || !user.enabled) return false;
  const days = row.is_kept === 1 ? keptSessionDays : sessionDays;
  if (isPast(directory, row.signed_in_at + days * millisecondsPerDay)) return false;
  const { signInFrequencyHours } = policies(user.tenantId, () => tenantPolicy(directory, user.tenantId));
  return (
    signInFrequencyHours === null ||
    !isPast(directory, row.signed_in_at + signInFrequencyHours * millisecondsPerHour)
  );
}

function isPast({ clock }: SessionContext['directory'], moment: number): boolean {
  return moment <= clock.now();
}
