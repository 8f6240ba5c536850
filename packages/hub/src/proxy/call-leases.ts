import { clockDifference } from '../ground/bounded-times.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { isLeaseHeld, isLeaseOver, leaseEnd, leaseOwner } from '../store/lease.ts';

/** What a process that was killed had comes back after this. */
export const leaseMilliseconds = 6 * millisecondsPerSecond;
/** Who wants more says so again and again. */
export const wantedMilliseconds = 4 * millisecondsPerSecond;
/** Rows that nobody renews any more are removed after this. */
const forgottenMilliseconds = 60 * millisecondsPerSecond;

/** One call at a time of a user of an environment, leased to a process. */
interface CallLease {
  user: string;
  /** 0, 1, …, below the limit. */
  number: number;
}

/**
 * The rows by which hub processes share out the calls that an environment takes of a user at once: one a process that
 * passes calls on, one a leased call. All by the database's time, each in one statement, so that no clock and no pause
 * of a process gives one call to two.
 */
export interface CallLeases {
  /** Says that this process is there. @returns how many are */
  renewPresence(): Promise<number>;
  /** @returns what this process has leased still, and whether another wants it */
  renew(): Promise<(CallLease & { isWanted: boolean })[]>;
  /** @returns who has leased which calls of a user */
  read(user: string): Promise<{ number: number; isMine: boolean; owner: string }[]>;
  /** @returns the numbers of those that were still free */
  take(user: string, numbers: readonly number[]): Promise<number[]>;
  giveBack(user: string, numbers: readonly number[]): Promise<void>;
  /** Tells those who have these calls of a user that this process wants them. */
  want(user: string, numbers: readonly number[]): Promise<void>;
  /** Removes what processes have left behind that are long gone. */
  removeForgotten(): Promise<void>;
  /** This process passes no more calls on. */
  leave(): Promise<void>;
}

/** @returns the leases of one process */
export function createCallLeases({
  store: { db },
  random,
  databaseNow,
}: Pick<HubContext, 'store' | 'random' | 'databaseNow'>): CallLeases {
  const owner = leaseOwner(random);
  const end = () => leaseEnd(databaseNow, leaseMilliseconds);
  const isHeld = () => isLeaseHeld('leased_until', databaseNow, leaseMilliseconds);
  const isOver = () => isLeaseOver('call_leases.leased_until', databaseNow, leaseMilliseconds);

  return {
    async renewPresence() {
      await db
        .insertInto('call_processes')
        .values({ id: owner, leased_until: end() })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ leased_until: end() }))
        .execute();
      const { count } = await db
        .selectFrom('call_processes')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where(isHeld())
        .executeTakeFirstOrThrow();
      return count;
    },
    async renew() {
      const rows = await db
        .updateTable('call_leases')
        .set({ leased_until: end() })
        .where('owner', '=', owner)
        // One that has ended may count as free for others by now.
        .where(isHeld())
        .returning(['user_key', 'number'])
        .returning(isLeaseHeld('wanted_until', databaseNow, wantedMilliseconds).as('is_wanted'))
        .execute();
      return rows.map((row) => ({
        user: row.user_key,
        number: row.number,
        isWanted: Boolean(row.is_wanted),
      }));
    },
    async read(user) {
      const rows = await db
        .selectFrom('call_leases')
        .select(['number', 'owner'])
        .where('user_key', '=', user)
        .where(isHeld())
        .execute();
      return rows.map((row) => ({ ...row, isMine: row.owner === owner }));
    },
    async take(user, numbers) {
      if (numbers.length === 0) return [];
      const lease = { owner, leased_until: end(), wanted_until: 0 };
      const rows = await db
        .insertInto('call_leases')
        .values(numbers.map((number) => ({ user_key: user, number, ...lease })))
        .onConflict((conflict) => conflict.columns(['user_key', 'number']).doUpdateSet(lease).where(isOver()))
        .returning('number')
        .execute();
      return rows.map(({ number }) => number);
    },
    async giveBack(user, numbers) {
      if (numbers.length === 0) return;
      await db
        .deleteFrom('call_leases')
        .where('user_key', '=', user)
        .where('number', 'in', numbers)
        .where('owner', '=', owner)
        .execute();
    },
    async want(user, numbers) {
      if (numbers.length === 0) return;
      await db
        .updateTable('call_leases')
        .set({ wanted_until: leaseEnd(databaseNow, wantedMilliseconds) })
        .where('user_key', '=', user)
        .where('number', 'in', numbers)
        .where('owner', '!=', owner)
        .execute();
    },
    async removeForgotten() {
      const longAgo = leaseEnd(databaseNow, -forgottenMilliseconds);
      const lastEnd = leaseEnd(databaseNow, leaseMilliseconds + clockDifference);
      for (const table of ['call_leases', 'call_processes'] as const)
        await db
          .deleteFrom(table)
          .where((eb) => eb.or([eb('leased_until', '<', longAgo), eb('leased_until', '>', lastEnd)]))
          .execute();
    },
    async leave() {
      await db.deleteFrom('call_leases').where('owner', '=', owner).execute();
      await db.deleteFrom('call_processes').where('id', '=', owner).execute();
    },
  };
}
