import type { ConnectionStatus } from '../connections/connection-schemas.ts';
import type { WhoActs } from '../errors/hub-error.ts';
import { isAlive, isRefreshable, nextRefreshAt } from '../tokens/judge-token-state.ts';
import type { TokenState } from '../tokens/read-token-state.ts';
import { storedFailure } from './judge-failure.ts';

/** What a state says; the times are added to it. */
interface Verdict {
  state: ConnectionStatus['state'];
  reason: string;
  whoActs: WhoActs;
  remedy: string;
}

const signIn = 'Open the connection and choose "Sign in with Microsoft".';

/**
 * Computes a connection's state from what was last proven, never from what was saved: `ready` only when the CRM has
 * answered and nothing has failed since.
 *
 * @param now epoch milliseconds
 */
export function computeStatus(state: TokenState, now: number): ConnectionStatus {
  const { connection, tokenSet } = state;
  const verdict = judge(state, now);
  const failure = storedFailure(connection);
  return {
    ...verdict,
    failure,
    lastProvenAt: toIso(connection.last_proven_at),
    lastRefreshedAt: toIso(tokenSet.obtained_at),
    nextRefreshAt: connection.disabled ? null : toIso(nextRefreshAt(state)),
    nextTryAt: verdict.state === 'failing' ? toIso(connection.next_try_at) : null,
    endsAt: verdict.state === 'limited' ? toIso(tokenSet.expires_at) : null,
  };
}

function judge(state: TokenState, now: number): Verdict {
  const { connection, tokenSet } = state;
  if (connection.disabled) {
    return {
      state: 'disabled',
      reason: 'The connection was disabled.',
      whoActs: 'operator',
      remedy: 'Enable it under its settings.',
    };
  }
  const failure = storedFailure(connection);
  if (failure && connection.failure_state !== null) {
    const { detail: reason, whoActs, remedy } = failure;
    return { state: connection.failure_state, reason, whoActs, remedy };
  }
  const refreshable = isRefreshable(state);
  if (!refreshable && !isAlive(state, now)) {
    const reason = tokenSet.sealed_access_token
      ? `The access token ended at ${toIso(tokenSet.expires_at)}, and there is no refresh token to get another by.`
      : 'No sign-in has been finished for this connection yet.';
    return { state: 'needs_sign_in', reason, whoActs: 'user', remedy: signIn };
  }
  if (connection.last_proven_at === null) {
    return {
      state: 'failing',
      reason: 'Dynamics 365 has not answered a test of this connection yet.',
      whoActs: 'user',
      remedy: 'Test the connection.',
    };
  }
  return judgeProven(state, refreshable, connection.last_proven_at);
}

function judgeProven({ connection, tokenSet }: TokenState, refreshable: boolean, provenAt: number): Verdict {
  const notice = connection.identity_notice === null ? '' : ` ${connection.identity_notice}`;
  const reason = `Dynamics 365 last answered at ${toIso(provenAt)}.${notice}`;
  if (refreshable) return { state: 'ready', reason, whoActs: 'nobody', remedy: 'Nothing is to be done.' };
  return {
    state: 'limited',
    reason: `${reason} There is no refresh token: it works until ${toIso(tokenSet.expires_at)}.`,
    whoActs: 'user',
    remedy: `To keep it working: ${signIn.charAt(0).toLowerCase()}${signIn.slice(1)}`,
  };
}

/** @returns a time as the API shows it */
export function toIso<T extends number | null>(time: T): T extends number ? string : string | null;
export function toIso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
