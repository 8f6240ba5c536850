import type { ConnectionState, Failure, WhoActs } from '@latchkey/api';
import { toIso } from '../ground/clock.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { ConnectionRow, TokenSetRow } from '../store/schema.ts';
import { isTokenRefused, storedFailure } from './judge-failure.ts';
import { judgeState, type StateJudgement } from './judge-state.ts';
import { isAlive, tokenLifeOf } from './token-life.ts';

/** What a state says; the times are added to it. */
interface Verdict {
  state: ConnectionState;
  reason: string;
  whoActs: WhoActs;
  remedy: string;
}

/** A connection's state as the API shows it. Times are ISO 8601. */
export interface ConnectionStatus extends Verdict {
  failure: Failure | null;
  since: string | null;
  lastProvenAt: string | null;
  nextProofAt: string | null;
  proofOverdueSince: string | null;
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
  /** When the access token will be refreshed ahead of its end, in epoch milliseconds; null when it will not. */
  nextRefreshAt: number | null;
  /** When it is proven next, and until when the last proof holds; null where none is to come. */
  nextProofAt: number | null;
  provenUntil: number | null;
  /** Fresh tokens that the environment refuses, and when the next one is asked for; null where it does not. */
  rejected: { inARow: number; nextTokenAt: number } | null;
}

/** A proof may be late by this, since an environment gets only so many in a minute, before the state says so. */
const lateProofMilliseconds = 15 * millisecondsPerMinute;

const signIn = 'Open the connection and choose "Sign in with Microsoft".';

/**
 * Computes a connection's state from what was last proven, never from what was saved: `ready` only when the environment
 * has answered and nothing has failed since.
 *
 * @param now epoch milliseconds
 * @throws DamagedValueError
 */
export function computeStatus(evidence: ConnectionEvidence, now: number): ConnectionStatus {
  const { connection, tokenSet, rejected } = evidence;
  const life = tokenLifeOf(connection, tokenSet);
  const judgement = judgeState({ connection, ...life }, now);
  const { state } = judgement;
  const failure = storedFailure(connection);
  const ends = state === 'limited' || (isAlive(life, now) && isLastToken(connection));
  const verdict = describe(evidence, judgement, failure, ends);
  const overdueSince = proofOverdueSince(evidence, now);
  return {
    ...verdict,
    reason: [
      verdict.reason,
      ...(rejected === null ? [] : [describeRejected(rejected, now)]),
      ...(overdueSince === null ? [] : [describeOverdue(overdueSince)]),
    ].join(' '),
    failure,
    since: toIso(sinceOf(evidence, judgement)),
    lastProvenAt: toIso(connection.last_proven_at),
    nextProofAt: toIso(evidence.nextProofAt),
    proofOverdueSince: toIso(overdueSince),
    lastRefreshedAt: toIso(tokenSet.obtained_at),
    nextRefreshAt: connection.disabled ? null : toIso(evidence.nextRefreshAt),
    nextTryAt: toIso(nextTryAt(evidence, state, now)),
    endsAt: ends ? toIso(tokenSet.expires_at) : null,
  };
}

function nextTryAt({ connection, rejected }: ConnectionEvidence, state: ConnectionState, now: number) {
  if (rejected !== null && rejected.nextTokenAt > now) return rejected.nextTokenAt;
  return state === 'failing' ? connection.next_try_at : null;
}

/** A token a call is what Microsoft ends with AADSTS50196. */
function describeRejected(
  { inARow, nextTokenAt }: { inARow: number; nextTokenAt: number },
  now: number,
): string {
  const tokens = inARow === 1 ? 'A fresh access token was' : `${inARow} fresh access tokens in a row were`;
  const next = nextTokenAt > now ? `not before ${toIso(nextTokenAt)}` : 'with the next call that is refused';
  return `${tokens} refused, too; Microsoft is asked for another one ${next}.`;
}

/** @returns since when the last proof is too old to speak for the state; null while it does */
function proofOverdueSince({ provenUntil }: ConnectionEvidence, now: number): number | null {
  return provenUntil !== null && now > provenUntil + lateProofMilliseconds ? provenUntil : null;
}

function describeOverdue(since: number): string {
  return `It has not been proven since, though that was due by ${toIso(since)}: the hub’s keeper has not come to it yet, or is switched off.`;
}

/** Microsoft hands out no other token, but the one that is there goes on being served until it ends. */
function isLastToken(connection: ConnectionRow): boolean {
  return isTokenRefused(connection) && storedFailure(connection)?.code !== 'token_not_for_environment';
}

function describe(
  evidence: ConnectionEvidence,
  { state, grounds }: StateJudgement,
  failure: Failure | null,
  ends: boolean,
): Verdict {
  const { service, connection, tokenSet } = evidence;
  switch (grounds) {
    case 'disabled':
      return {
        state,
        reason: 'The connection was disabled.',
        whoActs: 'operator',
        remedy: 'Enable it under its settings.',
      };
    case 'failure': {
      const until = ends ? ` The access token that is there works until ${toIso(tokenSet.expires_at)}.` : '';
      return {
        state,
        reason: `${failure?.detail ?? ''}${until}`,
        whoActs: failure?.whoActs ?? 'operator',
        remedy: failure?.remedy ?? '',
      };
    }
    case 'token_ended': {
      const reason = `The access token ended at ${toIso(tokenSet.expires_at)}, and there is no refresh token to get another by.`;
      return { state, reason, whoActs: 'user', remedy: signIn };
    }
    case 'never_signed_in': {
      const reason = 'No sign-in has been finished for this connection yet.';
      return { state, reason, whoActs: 'user', remedy: signIn };
    }
    case 'untested':
      return {
        state,
        reason: `${service} has not answered a test of this connection yet.`,
        whoActs: 'user',
        remedy: 'Test the connection.',
      };
    default:
      return describeProven(service, connection, tokenSet, state);
  }
}

function describeProven(
  service: string,
  connection: ConnectionRow,
  tokenSet: TokenSetRow,
  state: ConnectionState,
): Verdict {
  const notice = connection.identity_notice === null ? '' : ` ${connection.identity_notice}`;
  const reason = `${service} last answered at ${toIso(connection.last_proven_at)}.${notice}`;
  if (state === 'ready') return { state, reason, whoActs: 'nobody', remedy: 'Nothing is to be done.' };
  return {
    state,
    reason: `${reason} There is no refresh token: it works until ${toIso(tokenSet.expires_at)}.`,
    whoActs: 'user',
    remedy: `To keep it working: ${signIn.charAt(0).toLowerCase()}${signIn.slice(1)}`,
  };
}

/**
 * Since when a state stands: as it was recorded with its event. What time alone changes, and what was stored before
 * states were recorded, tells it by its grounds.
 */
function sinceOf(
  { connection, tokenSet }: ConnectionEvidence,
  { state, grounds }: StateJudgement,
): number | null {
  if (state === connection.state && connection.state_since !== null) return connection.state_since;
  switch (grounds) {
    case 'disabled':
      return connection.updated_at;
    case 'failure':
      return connection.last_failure_at;
    case 'token_ended':
      return tokenSet.expires_at;
    case 'never_signed_in':
      return connection.created_at;
    case 'untested':
      return tokenSet.obtained_at ?? connection.created_at;
    default:
      return connection.last_proven_at;
  }
}
