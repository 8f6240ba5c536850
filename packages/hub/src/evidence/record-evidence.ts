import type { Kysely } from 'kysely';
import { scheduleWorkBy } from '../due-work/schedule-work.ts';
import { connectionWork } from '../due-work/work-kinds.ts';
import type { HubError } from '../errors/hub-error.ts';
import type { NewEvent } from '../events/record-event.ts';
import { pastMoment } from '../ground/bounded-times.ts';
import { millisecondsPerDay, millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database } from '../store/schema.ts';
import {
  changeEvidence,
  type EvidenceChange,
  type EvidenceContext,
  type EvidenceRow,
  judgeEvidence,
  selectEvidence,
} from './change-evidence.ts';
import {
  isTokenRefused,
  judgeFailure,
  standingFailureSide,
  storedFailure,
  writeFailure,
} from './judge-failure.ts';

const firstDelay = millisecondsPerSecond;
const longestDelay = 5 * millisecondsPerMinute;
/** An environment that failed in passing is asked again after this; callers need not wait for that. */
const environmentDelay = 10 * millisecondsPerMinute;
/** Delays are shortened by up to this share, so that connections that failed together don't come back together. */
const jitterShare = 0.5;
/** Of proofs that bring nothing new the timeline tells one in so long a time. */
const toldProofMilliseconds = millisecondsPerDay;

/** What may pass is taken for lasting when it came so often in a row. */
const failuresUntilLasting = 5;

/** What a connection has that nothing holds back. */
export const noFailure = {
  last_failure: null,
  last_failure_at: null,
  failure_state: null,
  next_try_at: null,
  failed_tries: 0,
} as const;

/** What an answer of the environment proves besides that it works. */
export interface ProofFacts {
  /** The organization that answered. */
  organizationId?: string | null;
}

/**
 * Records that the environment answered well. It ends a failure of the environment, not one about tokens: an old token
 * may go on working for a while after Microsoft has refused a new one. The timeline tells of the first proof, the first
 * one after a failure, and one a day.
 */
export async function recordProof(
  context: HubContext,
  connectionId: string,
  facts: ProofFacts = {},
): Promise<void> {
  const { db } = context.store;
  const now = context.clock.now();
  const seen = await selectEvidence(db).where('connections.id', '=', connectionId).executeTakeFirst();
  if (!seen) return;
  if (seen.rejected_in_a_row > 0) await acceptTokens(db, connectionId);
  if (bringsNothingNew(seen, facts, now)) {
    await db
      .updateTable('connections')
      .set({ last_proven_at: now })
      .where('id', '=', connectionId)
      .where('last_failure', 'is', null)
      .execute();
    return;
  }
  await inTransaction(context.store, async (transaction) => {
    const changed = await changeEvidence(context, transaction, connectionId, (row) => {
      // A failure that was recorded meanwhile is not wiped out unseen.
      return row.last_failure_at === seen.last_failure_at ? proofChange(row, facts, now) : null;
    });
    // What held it back may have kept the keeper away, too.
    if (changed && seen.last_failure !== null) await lookAgainBy(transaction, connectionId, now);
  });
}

/** Has the keeper look at a connection, which then goes by all that is known of it. */
async function lookAgainBy(db: Kysely<Database>, subjectId: string, dueAt: number): Promise<void> {
  await scheduleWorkBy(db, { kind: connectionWork, subjectId, dueAt });
}

/** The environment accepts tokens again, so that the next 401 is healed at once. */
async function acceptTokens(db: Kysely<Database>, connectionId: string): Promise<void> {
  await db
    .updateTable('token_sets')
    .set({ rejected_in_a_row: 0 })
    .where('connection_id', '=', connectionId)
    .execute();
}

/** Most proofs: one statement is enough for them. */
function bringsNothingNew(row: EvidenceRow, { organizationId }: ProofFacts, now: number): boolean {
  const isSameOrganization = !organizationId || organizationId === row.organization_id;
  if (row.last_failure !== null || row.last_proven_at === null || !isToldOf(row, now) || !isSameOrganization)
    return false;
  return judgeEvidence(row, now).state === row.state;
}

function isToldOf(row: EvidenceRow, now: number): boolean {
  const toldAt = pastMoment(row.proof_told_at, now);
  return toldAt !== null && now - toldAt < toldProofMilliseconds;
}

function proofChange(row: EvidenceRow, { organizationId }: ProofFacts, now: number): EvidenceChange {
  const standing = standingFailureSide(row);
  const endsFailure = standing !== 'token';
  const isTold = !isToldOf(row, now) || (endsFailure && standing !== null);
  const notice = otherOrganization(row, organizationId);
  return {
    set: {
      last_proven_at: now,
      ...(endsFailure && noFailure),
      ...(isTold && { proof_told_at: now }),
      ...(organizationId && { organization_id: organizationId }),
      ...(notice !== null && { identity_notice: addNotice(row.identity_notice, notice) }),
    },
    events: [
      ...(notice === null ? [] : [{ kind: 'identity_changed', summary: notice } as const]),
      ...(isTold ? [{ kind: 'proven', summary: 'The environment answered as it should.' } as const] : []),
    ],
  };
}

/** An environment that was reset or restored from another one answers at the same address, and with other data. */
function otherOrganization(row: EvidenceRow, answered: ProofFacts['organizationId']): string | null {
  const { organization_id: before } = row;
  if (!answered || before === null || before === answered) return null;
  return `Another organization answers at the environment’s address: ${answered}; before it was ${before}.`;
}

/** What nobody has looked at yet stays. */
function addNotice(standing: string | null, notice: string): string {
  return standing === null ? notice : `${standing} ${notice}`;
}

/** Records that Microsoft has handed out a token: a failure of the environment stands until the environment answers. */
export async function recordTokenSuccess(
  context: EvidenceContext,
  db: Kysely<Database>,
  connectionId: string,
): Promise<void> {
  await changeEvidence(context, db, connectionId, tokenSuccessChange);
}

/** @returns what a token that Microsoft has handed out changes; it may change the state though no failure ends */
export function tokenSuccessChange(row: EvidenceRow): EvidenceChange {
  const isOther = row.last_failure === null || standingFailureSide(row) === 'environment';
  return { set: isOther ? {} : noFailure };
}

/**
 * Records a failure, what it means for the state, and for a transient one when to try again. A failure
 * of the environment does not hide that Microsoft refuses tokens.
 */
export async function recordFailure(
  context: HubContext,
  connectionId: string,
  error: HubError,
): Promise<void> {
  await inTransaction(context.store, (db) => recordFailureIn(context, db, connectionId, error));
}

/** How a request for tokens failed. */
interface FailedTry {
  /** What the server asked for; the next try is not before. */
  retryAfterMilliseconds: number | null;
  /** Nothing was sent, so it is no try that failed; the next one is when that says. */
  isKeptBack?: boolean;
  /** It counts for good, as its code says, only when it comes several times in a row; it passes until then. */
  mayPass?: boolean;
}

/**
 * The same within a transaction.
 *
 * @returns when the hub tries again, in epoch milliseconds; null when it does not by itself
 */
export async function recordFailureIn(
  context: EvidenceContext,
  db: Kysely<Database>,
  connectionId: string,
  error: HubError,
  { retryAfterMilliseconds, isKeptBack = false, mayPass = false }: FailedTry = {
    retryAfterMilliseconds: null,
  },
): Promise<number | null> {
  const now = context.clock.now();
  let nextTryAt: number | null = null;
  await changeEvidence(context, db, connectionId, (row) => {
    const { state: judged, side } = judgeFailure({ code: error.code, side: error.options.side }, row.method);
    if (side !== 'token' && isTokenRefused(row)) return null;
    const isOfToken = side === 'token';
    const isOther = storedFailure(row)?.code !== error.code;
    const triesBefore = mayPass && isOther ? 0 : row.failed_tries;
    const state = mayPass && triesBefore + 1 < failuresUntilLasting ? 'failing' : judged;
    const isRetried = state === 'failing';
    const tries = isRetried && isOfToken ? triesBefore + (isKeptBack ? 0 : 1) : 0;
    const delay = isOfToken ? backoff(tries, context.random) : spread(environmentDelay, context.random);
    const wait = Math.max(retryAfterMilliseconds ?? 0, isKeptBack ? 0 : delay);
    nextTryAt = isRetried ? now + wait : null;
    return {
      set: {
        last_failure: writeFailure(error),
        last_failure_at: now,
        failure_state: state,
        next_try_at: nextTryAt,
        failed_tries: tries,
      },
      // An outage is told once, of the authority.
      events: isKeptBack ? [] : failureEvents(row, error, isOfToken),
    };
  });
  if (nextTryAt !== null) await lookAgainBy(db, connectionId, nextTryAt);
  return nextTryAt;
}

/** A failure is told when it begins, and when it turns into another one; not each time that it is met again. */
function failureEvents(row: EvidenceRow, error: HubError, isOfToken: boolean): Omit<NewEvent, 'subject'>[] {
  const standing = row.failure_state === null ? null : storedFailure(row);
  const isKnown =
    standing?.code === error.code && (standing.remote?.code ?? null) === (error.options.remote?.code ?? null);
  if (isKnown) return [];
  return [
    isOfToken
      ? { kind: 'refresh_failed', summary: `No new token could be had: ${error.message}`, failure: error }
      : { kind: 'proof_failed', summary: `A call failed: ${error.message}`, failure: error },
  ];
}

/**
 * Records that a sign-in came to nothing. It worsens nothing: a connection with tokens goes on by them, and what holds it
 * back, if anything does, is still the same. The page shows the failure beside a state that is good.
 */
export async function recordSignInFailure(
  context: HubContext,
  connectionId: string,
  error: HubError,
): Promise<void> {
  await inTransaction(context.store, (db) =>
    changeEvidence(context, db, connectionId, (row) => ({
      set: signInFailureColumns(row, error, context.clock.now()),
      events: [
        { kind: 'sign_in_failed', summary: `A sign-in came to nothing: ${error.message}`, failure: error },
      ],
    })),
  );
}

function signInFailureColumns(
  row: EvidenceRow,
  error: HubError,
  now: number,
): NonNullable<EvidenceChange['set']> {
  const wasSignedIn = Boolean(row.has_access_token) || Boolean(row.has_refresh_token);
  const isHeldBackByOther = row.failure_state === 'failing' || row.failure_state === 'blocked';
  if (wasSignedIn && isHeldBackByOther) return {};
  const needsSignIn = !wasSignedIn || row.failure_state === 'needs_sign_in';
  return {
    ...noFailure,
    last_failure: writeFailure(error),
    last_failure_at: now,
    failure_state: needsSignIn ? 'needs_sign_in' : null,
  };
}

/** Doubles with each failed try in a row, up to five minutes, less a random part. */
function backoff(tries: number, random: Random): number {
  return spread(Math.min(firstDelay * 2 ** Math.max(0, tries - 1), longestDelay), random);
}

function spread(delay: number, random: Random): number {
  return Math.round(delay * (1 - (jitterShare * random.bytes(1).readUInt8()) / 0xff));
}
