import type { Failure, WhoActs } from '@latchkey/api';
import { toIso } from '../ground/clock.ts';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import type { ConnectionRow, TokenSetRow } from '../store/schema.ts';
import { type FailureJudgement, storedFailure } from './judge-failure.ts';

/** What a state says; the times are added to it. */
interface Verdict {
  state: 'ready' | 'limited' | 'needs_sign_in' | 'failing' | 'blocked' | 'disabled';
  reason: string;
  whoActs: WhoActs;
  remedy: string;
}

/** A connection's state as the API shows it. Times are ISO 8601. */
export interface ConnectionStatus extends Verdict {
  failure: Failure | null;
  lastProvenAt: string | null;
  lastRefreshedAt: string | null;
  nextRefreshAt: string | null;
  nextTryAt: string | null;
  endsAt: string | null;
}

/** What is known of a connection at one moment. */
export interface ConnectionEvidence {
  /** What the connection leads to, in sentences. */
  service: string;
  connection: ConnectionRow;
  tokenSet: TokenSetRow;
  outlook: TokenOutlook;
}

/** What can be expected of a connection's tokens; told by whoever refreshes them. */
export interface TokenOutlook {
  /** New tokens can be had without a person. */
  isRefreshable: boolean;
  /** The access token has not ended yet. */
  isAlive: boolean;
  /** Epoch milliseconds; null when there will be no refresh. */
  nextRefreshAt: number | null;
}

const failureStates: readonly FailureJudgement['state'][] = ['needs_sign_in', 'failing', 'blocked'];

const signIn = 'Open the connection and choose "Sign in with Microsoft".';

/**
 * Computes a connection's state from what was last proven, never from what was saved: `ready` only when the environment
 * has answered and nothing has failed since.
 */
export function computeStatus(evidence: ConnectionEvidence): ConnectionStatus {
  const { connection, tokenSet, outlook } = evidence;
  const verdict = judge(evidence);
  const failure = storedFailure(connection);
  return {
    ...verdict,
    failure,
    lastProvenAt: toIso(connection.last_proven_at),
    lastRefreshedAt: toIso(tokenSet.obtained_at),
    nextRefreshAt: connection.disabled ? null : toIso(outlook.nextRefreshAt),
    nextTryAt: verdict.state === 'failing' ? toIso(connection.next_try_at) : null,
    endsAt: verdict.state === 'limited' ? toIso(tokenSet.expires_at) : null,
  };
}

function judge(evidence: ConnectionEvidence): Verdict {
  const { connection, tokenSet, outlook } = evidence;
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
    return { state: readFailureState(connection.failure_state), reason, whoActs, remedy };
  }
  if (!outlook.isRefreshable && !outlook.isAlive) {
    const reason = tokenSet.sealed_access_token
      ? `The access token ended at ${toIso(tokenSet.expires_at)}, and there is no refresh token to get another by.`
      : 'No sign-in has been finished for this connection yet.';
    return { state: 'needs_sign_in', reason, whoActs: 'user', remedy: signIn };
  }
  if (connection.last_proven_at === null) {
    return {
      state: 'failing',
      reason: `${evidence.service} has not answered a test of this connection yet.`,
      whoActs: 'user',
      remedy: 'Test the connection.',
    };
  }
  return judgeProven(evidence, connection.last_proven_at);
}

/** @throws DamagedValueError for a state that nobody knows */
function readFailureState(state: FailureJudgement['state']): FailureJudgement['state'] {
  if (failureStates.includes(state)) return state;
  throw new DamagedValueError('The column connections.failure_state holds none of its values.');
}

function judgeProven(
  { service, connection, tokenSet, outlook }: ConnectionEvidence,
  provenAt: number,
): Verdict {
  const notice = connection.identity_notice === null ? '' : ` ${connection.identity_notice}`;
  const reason = `${service} last answered at ${toIso(provenAt)}.${notice}`;
  if (outlook.isRefreshable)
    return { state: 'ready', reason, whoActs: 'nobody', remedy: 'Nothing is to be done.' };
  return {
    state: 'limited',
    reason: `${reason} There is no refresh token: it works until ${toIso(tokenSet.expires_at)}.`,
    whoActs: 'user',
    remedy: `To keep it working: ${signIn.charAt(0).toLowerCase()}${signIn.slice(1)}`,
  };
}
