import type { ConnectionState } from '@latchkey/api';
import { DamagedValueError } from '../ground/damaged-value-error.ts';
import type { ConnectionRow } from '../store/schema.ts';
import type { FailureJudgement } from './judge-failure.ts';
import { isAlive, isRefreshable, type TokenLife } from './token-life.ts';

/** What a connection's state follows from. */
export interface StateEvidence extends TokenLife {
  connection: Pick<ConnectionRow, 'disabled' | 'last_failure' | 'failure_state' | 'last_proven_at'>;
}

/** A state, and on which grounds. */
export interface StateJudgement {
  state: ConnectionState;
  grounds: 'disabled' | 'failure' | 'token_ended' | 'never_signed_in' | 'untested' | 'proven';
}

const failureStates: readonly FailureJudgement['state'][] = ['needs_sign_in', 'failing', 'blocked'];

/**
 * Judges a connection by what was last proven, never by what was saved: `ready` only when the environment has answered
 * and nothing has failed since.
 *
 * @param now epoch milliseconds: a token that nothing renews ends by time alone
 * @throws DamagedValueError
 */
export function judgeState(evidence: StateEvidence, now: number): StateJudgement {
  const { connection } = evidence;
  if (connection.disabled) return { state: 'disabled', grounds: 'disabled' };
  if (connection.last_failure !== null && connection.failure_state !== null)
    return { state: readFailureState(connection.failure_state), grounds: 'failure' };
  const refreshable = isRefreshable(evidence);
  if (!refreshable && !isAlive(evidence, now))
    return { state: 'needs_sign_in', grounds: evidence.hasAccessToken ? 'token_ended' : 'never_signed_in' };
  if (connection.last_proven_at === null) return { state: 'failing', grounds: 'untested' };
  return { state: refreshable ? 'ready' : 'limited', grounds: 'proven' };
}

/** @throws DamagedValueError for a state that nobody knows */
function readFailureState(state: FailureJudgement['state']): FailureJudgement['state'] {
  if (failureStates.includes(state)) return state;
  throw new DamagedValueError('The column connections.failure_state holds none of its values.');
}
