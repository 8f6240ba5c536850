import { type SqlBool, sql } from 'kysely';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { keepRenewing, leaseEnd, noLease, takeLease } from '../store/lease.ts';
import type { RefreshGuard } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Short, so that a holder that was killed keeps nobody waiting for long; renewed while the request runs. */
const leaseMilliseconds = 6 * millisecondsPerSecond;
/** Twice within a lease, so that one renewal may come to nothing. */
const renewMilliseconds = 2 * millisecondsPerSecond;

const leasedTokenSets = {
  table: 'token_sets',
  key: 'connection_id',
  fence: 'lease_fence',
  milliseconds: leaseMilliseconds,
} as const;

/**
 * Which leases are taken: one that has ended by itself, too, or only one that its holder has given back. A holder whose
 * lease has ended may hold tokens that it could not store while the database was away: it gets a moment to do so, since
 * the refresh token that is stored may be good for nothing any more.
 */
export type TakenLeases = 'given_back' | 'ended_too';

/**
 * Takes the lease on refreshing a connection, by one statement and the database's time. The fencing number grows with
 * every lease, so that a refusal which comes to a holder that was stopped for long counts for nothing.
 *
 * @returns null while another holds it
 */
export async function acquireLease(
  context: TokenContext,
  connectionId: string,
  taken: TakenLeases = 'ended_too',
): Promise<RefreshGuard | null> {
  const isTaken = taken === 'given_back' ? sql<SqlBool>`lease_owner is null` : undefined;
  const lease = await takeLease(context, leasedTokenSets, connectionId, isTaken);
  return lease ? { version: lease.version, fence: lease.lease_fence } : null;
}

/** Renews a lease again and again, until it is disposed of. One that another has taken meanwhile is not taken back. */
export function keepLease(context: TokenContext, connectionId: string, guard: RefreshGuard): Disposable {
  return keepRenewing(
    context,
    renewMilliseconds,
    () => renewLease(context, connectionId, guard),
    (error) => context.log.warn({ err: error, connectionId }, 'lease not renewed'),
  );
}

async function renewLease(context: TokenContext, connectionId: string, guard: RefreshGuard): Promise<void> {
  await context.store.db
    .updateTable('token_sets')
    .set({ lease_until: leaseEnd(context.databaseNow, leaseMilliseconds) })
    .where('connection_id', '=', connectionId)
    .where('lease_fence', '=', guard.fence)
    // One that was ended, by a sign-in or by its holder, stays so.
    .where('lease_owner', 'is not', null)
    .execute();
}

/** Ends the lease, unless another has taken it meanwhile. */
export async function releaseLease(
  context: TokenContext,
  connectionId: string,
  guard: RefreshGuard,
): Promise<void> {
  await context.store.db
    .updateTable('token_sets')
    .set(noLease)
    .where('connection_id', '=', connectionId)
    .where('lease_fence', '=', guard.fence)
    // Storing tokens or a failure has ended it already; then nothing is written.
    .where('lease_owner', 'is not', null)
    .execute();
}
