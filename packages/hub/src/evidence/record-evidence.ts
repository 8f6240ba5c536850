import type { Kysely, Transaction } from 'kysely';
import type { HubError } from '../errors/hub-error.ts';
import { recordEvent } from '../events/record-event.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { lockRow } from '../store/lock-row.ts';
import type { ConnectionRow, Database } from '../store/schema.ts';
import { isTokenRefused, judgeFailure, standingFailureSide, writeFailure } from './judge-failure.ts';

const firstDelay = millisecondsPerSecond;
const longestDelay = 5 * millisecondsPerMinute;
/** Delays are shortened by up to this share, so that connections that failed together don't come back together. */
const jitterShare = 0.5;

/** What a connection has that nothing holds back. */
export const noFailure = {
  last_failure: null,
  last_failure_at: null,
  failure_state: null,
  next_try_at: null,
  failed_tries: 0,
} as const;

/**
 * Records that the environment answered well. It ends a failure of the environment, not one about tokens: an old token
 * may go on working for a while after Microsoft has refused a new one.
 */
export async function recordProof(context: HubContext, connectionId: string): Promise<void> {
  const { db } = context.store;
  const now = context.clock.now();
  const row = await readEvidence(db, connectionId);
  if (!row) return;
  const endsFailure = standingFailureSide(row) !== 'token';
  await db
    .updateTable('connections')
    .set({ last_proven_at: now, ...(endsFailure && noFailure) })
    .where('id', '=', connectionId)
    // A failure that another process has recorded meanwhile is not wiped out unseen.
    .where((eb) =>
      row.last_failure_at === null
        ? eb('last_failure_at', 'is', null)
        : eb('last_failure_at', '=', row.last_failure_at),
    )
    .execute();
}

/** Records that Microsoft has handed out a token: a failure of the environment stands until the environment answers. */
export async function recordTokenSuccess(
  db: Kysely<Database> | Transaction<Database>,
  connectionId: string,
): Promise<void> {
  const row = await readEvidence(db, connectionId);
  if (!row?.last_failure || standingFailureSide(row) === 'environment') return;
  await db.updateTable('connections').set(noFailure).where('id', '=', connectionId).execute();
}

/**
 * Records a failure, what it means for the state, and for a transient one about tokens when to try again. A failure
 * of the environment does not hide that Microsoft refuses tokens.
 */
export async function recordFailure(
  context: HubContext,
  connectionId: string,
  error: HubError,
): Promise<void> {
  await recordFailureIn(context, context.store.db, connectionId, error);
}

/** How a request for tokens failed. */
interface FailedTry {
  /** What the server asked for; the next try is not before. */
  retryAfterMilliseconds: number | null;
  /** Nothing was sent, so it is no try that failed; the next one is when that says. */
  isKeptBack?: boolean;
}

/**
 * The same within a transaction.
 *
 * @returns when the hub tries again, in epoch milliseconds; null when it does not by itself
 */
export async function recordFailureIn(
  context: Pick<HubContext, 'clock' | 'random'>,
  db: Kysely<Database>,
  connectionId: string,
  error: HubError,
  { retryAfterMilliseconds, isKeptBack = false }: FailedTry = { retryAfterMilliseconds: null },
): Promise<number | null> {
  const now = context.clock.now();
  const row = await readEvidence(db, connectionId);
  if (!row) return null;
  const { state, side } = judgeFailure({ code: error.code, side: error.options.side }, row.method);
  if (side !== 'token' && isTokenRefused(row)) return null;
  const isRetried = side === 'token' && state === 'failing';
  const tries = isRetried ? row.failed_tries + (isKeptBack ? 0 : 1) : 0;
  const wait = Math.max(retryAfterMilliseconds ?? 0, isKeptBack ? 0 : backoff(tries, context.random));
  const nextTryAt = isRetried ? now + wait : null;
  await db
    .updateTable('connections')
    .set({
      last_failure: writeFailure(error),
      last_failure_at: now,
      failure_state: state,
      next_try_at: nextTryAt,
      failed_tries: tries,
    })
    .where('id', '=', connectionId)
    .execute();
  return nextTryAt;
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
  await inTransaction(context.store, async (db) => {
    const row = await lockRow(
      context.store,
      db
        .selectFrom('connections')
        .innerJoin('token_sets', 'token_sets.connection_id', 'connections.id')
        .select(['failure_state', 'sealed_access_token', 'sealed_refresh_token'])
        .where('connections.id', '=', connectionId),
      'connections',
    ).executeTakeFirst();
    if (!row) return;
    await recordEvent(db, context, {
      subject: { kind: 'connection', id: connectionId },
      kind: 'sign_in_failed',
      summary: `A sign-in came to nothing: ${error.message}`,
      failure: error,
    });
    const wasSignedIn = row.sealed_access_token !== null || row.sealed_refresh_token !== null;
    const isHeldBackByOther = row.failure_state === 'failing' || row.failure_state === 'blocked';
    if (wasSignedIn && isHeldBackByOther) return;
    const needsSignIn = !wasSignedIn || row.failure_state === 'needs_sign_in';
    await db
      .updateTable('connections')
      .set({
        ...noFailure,
        last_failure: writeFailure(error),
        last_failure_at: context.clock.now(),
        failure_state: needsSignIn ? 'needs_sign_in' : null,
      })
      .where('id', '=', connectionId)
      .execute();
  });
}

function readEvidence(
  db: Kysely<Database>,
  connectionId: string,
): Promise<
  | Pick<ConnectionRow, 'method' | 'last_failure' | 'last_failure_at' | 'failure_state' | 'failed_tries'>
  | undefined
> {
  return db
    .selectFrom('connections')
    .select(['method', 'last_failure', 'last_failure_at', 'failure_state', 'failed_tries'])
    .where('id', '=', connectionId)
    .executeTakeFirst();
}

/** Doubles with each failed try in a row, up to five minutes, less a random part. */
function backoff(tries: number, random: Random): number {
  const delay = Math.min(firstDelay * 2 ** Math.max(0, tries - 1), longestDelay);
  return Math.round(delay * (1 - (jitterShare * random.bytes(1).readUInt8()) / 0xff));
}
