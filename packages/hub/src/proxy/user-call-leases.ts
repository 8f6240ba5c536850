import { endOfPause } from '../ground/bounded-times.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { type CallLeases, wantedMilliseconds } from './call-leases.ts';
import type { CallPresence } from './call-presence.ts';
import type { ShareWork } from './share-work.ts';

/** What runs and waits here of one user's calls. */
export interface CallUsage {
  running: number;
  waiting: number;
  /** The most that ran at once since this was last set. */
  peak: number;
}

/** What this process has leased of one user's calls. */
export interface UserCallLeases {
  /** On how many of them a call may begin. */
  usable(): number;
  /** Their numbers. */
  numbers(): number[];
  /** Nothing is leased, or about to be. */
  isIdle(): boolean;
  /** Leases more, unless that is under way, and again while calls wait. */
  ask(): void;
  /** Takes note of what is left of them. @param before the numbers that were to be renewed */
  noteRenewal(
    before: readonly number[],
    renewed: readonly { number: number; isWanted: boolean }[],
  ): Promise<void>;
  /** Lets go of what was not needed since the last renewal, and of what was leased when there were fewer processes. */
  returnIdle(): Promise<void>;
  /** A call has ended: what is to go back goes as soon as no call runs on it. */
  settle(): void;
}

/** Of which calls the leases are, and by which rule they are shared out. */
interface UserOfCalls {
  user: string;
  /** How many calls of the user each process may run without a lease. */
  own: () => number;
  /** How many are to be leased by all together. */
  pool: () => number;
  usage: () => CallUsage | undefined;
  /** How many of the calls, running and waiting, have no place of this process. */
  missing: () => number;
  /** Told when there may be more places. */
  admit: () => void;
}

interface LeasesContext extends Pick<HubContext, 'clock' | 'random'> {
  leases: CallLeases;
  presence: CallPresence;
  work: ShareWork;
}

/** Whose calls wait and who got too little asks again. */
const askAgainMilliseconds = millisecondsPerSecond / 4;

/** @returns the leases of one user's calls: none yet */
export function createUserCallLeases(
  { clock, random, leases, presence, work }: LeasesContext,
  { user, own, pool, usage, missing, admit }: UserOfCalls,
): UserCallLeases {
  const leased = new Set<number>();
  /** Those of them that go back: no further call is begun on them. */
  const leaving = new Set<number>();
  /** Until when it leases no more, since another has less. */
  let yieldsUntil = 0;
  let isAsking = false;
  /** So often it is about to ask again. */
  let asksAgain = 0;

  function forget(number: number): void {
    leased.delete(number);
    leaving.delete(number);
  }

  function ask(): void {
    const processes = presence.processes();
    if (isAsking || processes === null || processes === 1) return;
    isAsking = true;
    work.start(async () => {
      let isShort = true;
      try {
        if (!presence.isCurrent()) await presence.renew();
        isShort = await leaseMore();
      } finally {
        isAsking = false;
      }
      admit();
      if (missing() <= 0) return;
      // More have come meanwhile; or there is no more to be had for now.
      if (isShort) askAgain();
      else ask();
    });
  }

  function askAgain(): void {
    asksAgain += 1;
    work.later(askAgainMilliseconds, () => {
      asksAgain -= 1;
      ask();
    });
  }

  /** @returns whether it got less than it wanted */
  async function leaseMore(): Promise<boolean> {
    const now = clock.now();
    if (!presence.isNoticed() || now < endOfPause(yieldsUntil, now, wantedMilliseconds)) return true;
    const rows = await leases.read(user);
    const wanted = missing();
    if (wanted <= 0) return false;
    const taken = new Set(rows.map(({ number }) => number));
    const free = Array.from({ length: pool() }, (_, number) => number).filter((number) => !taken.has(number));
    const got = await leases.take(user, drawSome(free, wanted));
    for (const number of got) leased.add(number);
    if (got.length === wanted) return false;
    await leases.want(user, surplusOfOthers(rows));
    return true;
  }

  /** What others have beyond their part, as far as this process lacks of its own. */
  function surplusOfOthers(rows: Awaited<ReturnType<CallLeases['read']>>): number[] {
    const others = Map.groupBy(
      rows.filter(({ isMine }) => !isMine),
      ({ owner }) => owner,
    );
    const part = Math.floor(pool() / (others.size + 1));
    const surplus = [...others.values()].flatMap((theirs) => theirs.slice(part));
    return surplus.slice(0, Math.max(0, part - leased.size)).map(({ number }) => number);
  }

  /** Beginning anywhere, so that two who draw at once seldom draw the same; where they do, the database decides. */
  function drawSome(numbers: readonly number[], count: number): number[] {
    const start = numbers.length === 0 ? 0 : random.bytes(1).readUInt8() % numbers.length;
    return [...numbers.slice(start), ...numbers.slice(0, start)].slice(0, count);
  }

  async function giveBack(): Promise<void> {
    const inUse = Math.max(0, (usage()?.running ?? 0) - own());
    const numbers = [...leaving].slice(0, Math.max(0, leased.size - inUse));
    for (const number of numbers) forget(number);
    await leases.giveBack(user, numbers);
  }

  return {
    usable: () => leased.size - leaving.size,
    numbers: () => [...leased],
    isIdle: () => leased.size === 0 && !isAsking && asksAgain === 0,
    ask,
    async noteRenewal(before, renewed) {
      const kept = new Set(renewed.map(({ number }) => number));
      // Another has taken it: this process did not renew in time.
      for (const number of before) if (!kept.has(number)) forget(number);
      // One whose taking or giving back failed halfway. What is just being taken is not known here yet.
      const strays = isAsking ? [] : [...kept].filter((number) => !leased.has(number));
      await leases.giveBack(user, strays);
      const wanted = renewed.filter(({ isWanted }) => isWanted);
      if (wanted.length === 0) return;
      yieldsUntil = clock.now() + wantedMilliseconds;
      for (const { number } of wanted) if (leased.has(number)) leaving.add(number);
    },
    async returnIdle() {
      const now = usage();
      const needed = now ? Math.max(now.peak, now.running + now.waiting) : 0;
      if (now) now.peak = now.running;
      for (const number of leased) {
        const kept = own() + leased.size - leaving.size;
        if (number >= pool() || kept > needed) leaving.add(number);
      }
      await giveBack();
    },
    settle() {
      if (leaving.size > 0) work.start(giveBack);
    },
  };
}
