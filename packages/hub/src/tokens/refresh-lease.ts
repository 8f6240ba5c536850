import { sql } from 'kysely';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { RefreshGuard } from './store-token-set.ts';
import type { TokenContext } from './token-context.ts';

/** Short, so that a holder that was killed keeps nobody waiting for long; renewed while the request runs. */
const leaseMilliseconds = 6 * millisecondsPerSecond;
/** Twice within a lease, so that one renewal may come to nothing. */
const renewMilliseconds = 2 * millisecondsPerSecond;

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
  const now = context.databaseNow();
  const free = context.store.db
    .updateTable('token_sets')
    .set((eb) => ({
      lease_owner: context.random.bytes(16).toString('hex'),
      lease_until: sql<number>`${now} + ${sql.lit(leaseMilliseconds)}`,
      lease_fence: eb('lease_fence', '+', 1),
    }))
    .where('connection_id', '=', connectionId)
    .where('lease_until', '<=', now)
    .returning(['version', 'lease_fence']);
  const lease = await (taken === 'given_back'
    ? free.where('lease_owner', 'is', null)
    : free
  ).executeTakeFirst();
  return lease ? { version: lease.version, fence: lease.lease_fence } : null;
}

/** Renews a lease again and again, until it is disposed of. One that another has taken meanwhile is not taken back. */
export function keepLease(context: TokenContext, connectionId: string, guard: RefreshGuard): Disposable {
  let isKept = true;
  let timer = context.startTimer(renewMilliseconds, renew);
  function renew(): void {
    void renewOnce();
  }
  async function renewOnce(): Promise<void> {
    try {
      await renewLease(context, connectionId, guard);
    } catch (error) {
      // The next renewal makes up for it.
      context.log.warn({ err: error, connectionId }, 'lease not renewed');
    }
    if (isKept) timer = context.startTimer(renewMilliseconds, renew);
  }
  return {
    [Symbol.dispose]() {
      isKept = false;
      timer[Symbol.dispose]();
    },
  };
}

async function renewLease(context: TokenContext, connectionId: string, guard: RefreshGuard): Promise<void> {
  await context.store.db
    .updateTable('token_sets')
    .set({ lease_until: sql<number>`${context.databaseNow()} + ${sql.lit(leaseMilliseconds)}` })
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
    .set({ lease_owner: null, lease_until: 0 })
    .where('connection_id', '=', connectionId)
    .where('lease_fence', '=', guard.fence)
    // Storing tokens or a failure has ended it already; then nothing is written.
    .where('lease_owner', 'is not', null)
    .execute();
}
