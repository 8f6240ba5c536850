import type { Timer } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { type CallLeases, createCallLeases, leaseMilliseconds, wantedMilliseconds } from './call-leases.ts';

/**
 * How the calls that an environment takes of one user at once are shared out among the hub processes on one database.
 *
 * A process that is alone has them all. With others, each has a few of its own (`ownCalls`), for which nobody is asked,
 * and leases more when calls wait, several by one query. It gives them back when they were not needed for a while, and
 * to others who have less than their part.
 *
 * Together they stay under the limit, but for these: when a further process makes its first call, its few own ones come
 * on top until the others have noticed (`renewMilliseconds`) and their calls under way have ended; and calls under way
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

/** What runs and waits here of one user's calls. */
export interface CallUsage {
  running: number;
  waiting: number;
  /** The most that ran at once since this was last set. */
  peak: number;
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

const renewMilliseconds = 2 * millisecondsPerSecond;
/** Whose calls wait and who got too little asks again. */
const askAgainMilliseconds = millisecondsPerSecond / 4;
/** By then the others have noticed a process that is new, and have leased what they run. */
const noticedMilliseconds = renewMilliseconds + millisecondsPerSecond / 2;
const renewalsBetweenCleanings = 150;
/** After a minute without a call a process leaves, so that a hub at rest writes nothing. */
const renewalsUntilIdle = 30;

/** What each process may run without a lease, all processes together no more than this part of the limit. */
const mostOwnCalls = 4;
const ownPart = 1 / 4;

/** @returns how many calls of a user each of so many processes may run without a lease */
export function ownCalls(processes: number, limit: number): number {
  return processes === 1 ? limit : Math.min(mostOwnCalls, Math.floor((limit * ownPart) / processes));
}

/** What this process has leased of one user's calls. */
interface Holding {
  /** By their numbers. */
  leased: Set<number>;
  /** Those of them that go back: no further call is begun on them. */
  leaving: Set<number>;
  /** Until when it leases no more, since another has less. */
  yieldsUntil: number;
  isAsking: boolean;
}

/** @param limit how many calls of one user the environment takes at once, over all processes */
export function createCallShares(context: ShareContext, limit: number, here: CallsHere): CallShares {
  const { clock, random, startTimer, log, background } = context;
  const leases = createCallLeases(context);
  const holdings = new Map<string, Holding>();
  const timers = new Set<Timer>();
  /** How many processes pass calls on; null until that is known. */
  let processes: number | null = null;
  let validUntil = 0;
  let leasesFrom = 0;
  let renewals = 0;
  let renewalsWithoutCall = 0;
  let isPresent = false;
  let isFailing = false;
  let isClosed = false;

  function capacity(user: string): number {
    if (processes === 1) return limit;
    if (processes === null) return Math.min(mostOwnCalls, limit);
    // After a pause longer than a lease others have what this process had: it asks before it goes on.
    if (clock.now() >= validUntil) return 0;
    const holding = holdings.get(user);
    return own() + (holding ? holding.leased.size - holding.leaving.size : 0);
  }

  const own = () => ownCalls(processes ?? 1, limit);
  /** How many calls there are to be leased. */
  const pool = () => limit - (processes ?? 1) * own();

  /** How many of the user's calls, running and waiting, have no place of this process. */
  function missing(user: string): number {
    const usage = here.usageOf(user);
    return usage ? usage.running + usage.waiting - capacity(user) : 0;
  }

  function inBackground(work: () => Promise<void>): void {
    background.start('share concurrent calls', async () => {
      try {
        await work();
        isFailing = false;
      } catch (error) {
        // The next renewal makes up for it. Until then leases end, and with them what they allow.
        if (!isFailing) log.warn({ err: error }, 'concurrent calls not shared out');
        isFailing = true;
      }
    });
  }

  function later(milliseconds: number, work: () => void): void {
    if (isClosed) return;
    const timer = startTimer(milliseconds, () => {
      timers.delete(timer);
      work();
    });
    timers.add(timer);
  }

  async function renew(): Promise<void> {
    const startedAt = clock.now();
    // As good as new is who was not there for so long that others may have taken it for gone.
    const isNew = startedAt >= validUntil;
    const count = await leases.renewPresence();
    if (holdings.size > 0) await renewLeases();
    if (isNew && count > 1) leasesFrom = startedAt + noticedMilliseconds;
    processes = Math.max(1, count);
    validUntil = startedAt + leaseMilliseconds;
    for (const [user, holding] of holdings) await returnIdle(user, holding);
    for (const user of here.users()) {
      here.admit(user);
      if (missing(user) > 0) ask(user);
    }
    if (renewals % renewalsBetweenCleanings === 0) await leases.removeForgotten();
    renewals += 1;
  }

  async function renewLeases(): Promise<void> {
    const before = new Map([...holdings].map(([user, { leased }]) => [user, [...leased]]));
    const renewed = Map.groupBy(await leases.renew(), ({ user }) => user);
    for (const [user, numbers] of before) {
      const holding = holdings.get(user);
      if (!holding) continue;
      const kept = new Set(renewed.get(user)?.map(({ number }) => number));
      // Another has taken it: this process did not renew in time.
      for (const number of numbers) if (!kept.has(number)) forget(holding, number);
    }
    for (const [user, rows] of renewed) {
      const holding = holdings.get(user);
      // One whose taking or giving back failed halfway. What is just being taken is not known here yet.
      const strays = rows.filter(({ number }) => !holding?.leased.has(number) && !holding?.isAsking);
      await leases.giveBack(
        user,
        strays.map(({ number }) => number),
      );
      if (!holding || !rows.some(({ isWanted }) => isWanted)) continue;
      holding.yieldsUntil = clock.now() + wantedMilliseconds;
      for (const { number, isWanted } of rows)
        if (isWanted && holding.leased.has(number)) holding.leaving.add(number);
    }
  }

  /** Lets go of what was not needed since the last renewal, and of what was leased when there were fewer processes. */
  async function returnIdle(user: string, holding: Holding): Promise<void> {
    const usage = here.usageOf(user);
    const needed = usage ? Math.max(usage.peak, usage.running + usage.waiting) : 0;
    if (usage) usage.peak = usage.running;
    for (const number of holding.leased) {
      const kept = own() + holding.leased.size - holding.leaving.size;
      if (number >= pool() || kept > needed) holding.leaving.add(number);
    }
    await giveBack(user, holding);
    if (holding.leased.size === 0 && !holding.isAsking) holdings.delete(user);
  }

  /** Gives leases back as soon as no call runs on them. */
  async function giveBack(user: string, holding: Holding): Promise<void> {
    const inUse = Math.max(0, (here.usageOf(user)?.running ?? 0) - own());
    const numbers = [...holding.leaving].slice(0, Math.max(0, holding.leased.size - inUse));
    for (const number of numbers) forget(holding, number);
    await leases.giveBack(user, numbers);
  }

  /** One question at a time, and again while calls wait. */
  function ask(user: string): void {
    const holding = holdingOf(user);
    if (holding.isAsking || processes === null || processes === 1 || isClosed) return;
    holding.isAsking = true;
    inBackground(async () => {
      let isShort = true;
      try {
        if (clock.now() >= validUntil) await renew();
        isShort = await lease(user, holding);
      } finally {
        holding.isAsking = false;
      }
      here.admit(user);
      if (missing(user) <= 0) return;
      // More have come meanwhile; or there is no more to be had for now.
      if (isShort) later(askAgainMilliseconds, () => ask(user));
      else ask(user);
    });
  }

  /** @returns whether it got less than it wanted */
  async function lease(user: string, holding: Holding): Promise<boolean> {
    if (clock.now() < Math.max(leasesFrom, holding.yieldsUntil)) return true;
    const rows = await leases.read(user);
    const wanted = missing(user);
    if (wanted <= 0) return false;
    const taken = new Set(rows.map(({ number }) => number));
    const free = Array.from({ length: pool() }, (_, number) => number).filter((number) => !taken.has(number));
    const got = await leases.take(user, drawSome(free, wanted));
    for (const number of got) holding.leased.add(number);
    if (got.length === wanted) return false;
    await leases.want(user, surplusOfOthers(rows, holding.leased.size));
    return true;
  }

  /** What others have beyond their part, as far as this process lacks of its own. */
  function surplusOfOthers(rows: Awaited<ReturnType<CallLeases['read']>>, mine: number): number[] {
    const others = Map.groupBy(
      rows.filter(({ isMine }) => !isMine),
      ({ owner }) => owner,
    );
    const part = Math.floor(pool() / (others.size + 1));
    const surplus = [...others.values()].flatMap((theirs) => theirs.slice(part));
    return surplus.slice(0, Math.max(0, part - mine)).map(({ number }) => number);
  }

  /** Beginning anywhere, so that two who draw at once seldom draw the same; where they do, the database decides. */
  function drawSome(numbers: readonly number[], count: number): number[] {
    const start = numbers.length === 0 ? 0 : random.bytes(1).readUInt8() % numbers.length;
    return [...numbers.slice(start), ...numbers.slice(0, start)].slice(0, count);
  }

  function holdingOf(user: string): Holding {
    const known = holdings.get(user);
    if (known) return known;
    const holding: Holding = { leased: new Set(), leaving: new Set(), yieldsUntil: 0, isAsking: false };
    holdings.set(user, holding);
    return holding;
  }

  function keepRenewing(): void {
    inBackground(async () => {
      try {
        if (isIdle()) await leave();
        else await renew();
      } finally {
        if (isPresent) later(renewMilliseconds, keepRenewing);
      }
    });
  }

  function isIdle(): boolean {
    const [someone] = here.users();
    renewalsWithoutCall = someone === undefined ? renewalsWithoutCall + 1 : 0;
    return renewalsWithoutCall > renewalsUntilIdle;
  }

  /** The next call begins anew. */
  async function leave(): Promise<void> {
    await leases.leave();
    // A call has come meanwhile.
    if (renewalsWithoutCall === 0) return renew();
    isPresent = false;
    processes = null;
    holdings.clear();
  }

  return {
    capacity(user) {
      renewalsWithoutCall = 0;
      if (!isPresent) {
        isPresent = true;
        keepRenewing();
      }
      return capacity(user);
    },
    want: ask,
    settle(user) {
      if (processes === 1) return;
      const holding = holdings.get(user);
      if (holding && holding.leaving.size > 0) inBackground(() => giveBack(user, holding));
    },
    async close() {
      isClosed = true;
      for (const timer of timers) timer[Symbol.dispose]();
      if (isPresent) await leases.leave();
    },
  };
}

function forget(holding: Holding, number: number): void {
  holding.leased.delete(number);
  holding.leaving.delete(number);
}
