import type { HubContext } from '../hub-context.ts';
import { createCallLeases } from './call-leases.ts';
import { createCallPresence } from './call-presence.ts';
import { createShareWork } from './share-work.ts';
import { type CallUsage, createUserCallLeases, type UserCallLeases } from './user-call-leases.ts';

/**
 * How the calls that an environment takes of one user at once are shared out among the hub processes on one database.
 *
 * A process that is alone has them all. With others, each has a few of its own (`ownCalls`), for which nobody is asked,
 * and leases more when calls wait, several by one query. It gives them back when they were not needed for a while, and
 * to others who have less than their part.
 *
 * Together they stay under the limit, but for these: when a further process makes its first call, its few own ones come
 * on top until the others have noticed (a renewal) and their calls under way have ended; and calls under way
 * of a process that was stopped, or cut off from the database, for longer than a lease.
 */
export interface CallShares {
  /** How many calls of a user this process may run at the same time, as things stand. */
  capacity(user: string): number;
  /** Calls of the user wait here for more. */
  want(user: string): void;
  /** A call of the user has ended. */
  settle(user: string): void;
  /** Gives everything back. */
  close(): Promise<void>;
}

/** The calls of this process. */
interface CallsHere {
  usageOf(user: string): CallUsage | undefined;
  users(): Iterable<string>;
  /** Told when there may be more places for a user's calls. */
  admit(user: string): void;
}

type ShareContext = Pick<
  HubContext,
  'store' | 'clock' | 'random' | 'databaseNow' | 'startTimer' | 'log' | 'background'
>;

/** What each process may run without a lease, all processes together no more than this part of the limit. */
const mostOwnCalls = 4;
const ownPart = 1 / 4;

/** @returns how many calls of a user each of so many processes may run without a lease */
export function ownCalls(processes: number, limit: number): number {
  return processes === 1 ? limit : Math.min(mostOwnCalls, Math.floor((limit * ownPart) / processes));
}

/** @param limit how many calls of one user the environment takes at once, over all processes */
export function createCallShares(context: ShareContext, limit: number, here: CallsHere): CallShares {
  const leases = createCallLeases(context);
  const work = createShareWork(context);
  const users = new Map<string, UserCallLeases>();
  const presence = createCallPresence(context, leases, work, {
    renewLeases,
    onRenewed,
    onLeft: () => users.clear(),
    isBusy() {
      const [someone] = here.users();
      return someone !== undefined;
    },
  });

  const own = () => ownCalls(presence.processes() ?? 1, limit);
  /** How many calls there are to be leased. */
  const pool = () => limit - (presence.processes() ?? 1) * own();

  function capacity(user: string): number {
    const processes = presence.processes();
    if (processes === 1) return limit;
    if (processes === null) return Math.min(mostOwnCalls, limit);
    return presence.isCurrent() ? own() + (users.get(user)?.usable() ?? 0) : 0;
  }

  function missing(user: string): number {
    const usage = here.usageOf(user);
    return usage ? usage.running + usage.waiting - capacity(user) : 0;
  }

  function leasesOf(user: string): UserCallLeases {
    const known = users.get(user);
    if (known) return known;
    const created = createUserCallLeases(
      { ...context, leases, presence, work },
      {
        user,
        own,
        pool,
        usage: () => here.usageOf(user),
        missing: () => missing(user),
        admit: () => here.admit(user),
      },
    );
    users.set(user, created);
    return created;
  }

  async function renewLeases(): Promise<void> {
    if (users.size === 0) return;
    const before = new Map([...users].map(([user, theirs]) => [user, theirs.numbers()]));
    const renewed = Map.groupBy(await leases.renew(), ({ user }) => user);
    for (const [user, theirs] of users)
      await theirs.noteRenewal(before.get(user) ?? [], renewed.get(user) ?? []);
    // Of users whom nobody asks for any more: giving them back had failed.
    for (const [user, rows] of renewed)
      if (!users.has(user))
        await leases.giveBack(
          user,
          rows.map(({ number }) => number),
        );
  }

  async function onRenewed(): Promise<void> {
    for (const [user, theirs] of users) {
      await theirs.returnIdle();
      if (theirs.isIdle()) users.delete(user);
    }
    for (const user of here.users()) {
      here.admit(user);
      if (missing(user) > 0) leasesOf(user).ask();
    }
  }

  return {
    capacity(user) {
      presence.appear();
      return capacity(user);
    },
    want: (user) => leasesOf(user).ask(),
    settle(user) {
      if (presence.processes() !== 1) users.get(user)?.settle();
    },
    async close() {
      work.close();
      await presence.close();
    },
  };
}
