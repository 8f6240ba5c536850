import { boundDueTimes } from '../due-work/bound-due-times.ts';
import {
  type ClaimedWork,
  claimWork,
  finishWork,
  giveBackWork,
  nextDueAt,
  renewClaims,
} from '../due-work/claim-work.ts';
import type { WorkHandler } from '../due-work/work-handler.ts';
import { clockDifference } from '../ground/bounded-times.ts';
import { millisecondsPerDay, millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { keepRenewing } from '../store/lease.ts';
import { createKeeperRecord, type KeeperRecord, noteRun } from './keeper-record.ts';

/** How much is done at once by one process. */
export const mostAtOnce = 32;
/** New work is claimed when so much finds room, not piece by piece. */
const fewestClaimed = 8;
/** Twice within a claim, so that one renewal may come to nothing. */
const renewMilliseconds = 10 * millisecondsPerSecond;
/** Work that was scheduled meanwhile, or that a killed process left, waits for so long at most. */
const longestSleep = 10 * millisecondsPerSecond;
/** What is due may be just being taken by another process: looked at again after this. */
const shortestSleep = 50;
/** Work that failed for a reason nobody expected is done again after this. */
const pauseAfterFailure = 5 * millisecondsPerMinute;
/** So often, and when the clock was set back, it looks for work that is due further ahead than any work can be. */
const boundedEvery = 10 * millisecondsPerMinute;
/** Grants that nobody uses are used after 30 days; proofs may be configured to be further apart. */
const longestPauseOfUse = 31 * millisecondsPerDay;
/** Work under way when the hub closes is waited for so long; then it is given back. */
const patienceAtStop = 4 * millisecondsPerSecond;

/** Does what falls due. Each process has one; all work on one database, and no piece is done by two of them. */
export interface Keeper {
  /** Works until the signal is aborted; then it gives back what it holds, and resolves. */
  run(signal: AbortSignal): Promise<void>;
  /** Does everything that is due at this moment, and what falls due by it. */
  runDue(): Promise<void>;
  record: KeeperRecord;
}

type KeeperContext = { config: Pick<HubContext['config'], 'keeper'> } & Pick<
  HubContext,
  'store' | 'clock' | 'random' | 'databaseNow' | 'sleep' | 'startTimer' | 'log'
>;

/** @param handlers one for each kind of work that this process can do */
export function createKeeper(context: KeeperContext, handlers: readonly WorkHandler[]): Keeper {
  const byKind = new Map(handlers.map((handler) => [handler.kind, handler]));
  const kinds = [...byKind.keys()];
  const record = createKeeperRecord();
  const underWay = new Map<ClaimedWork, Promise<void>>();
  let boundedAt: number | null = null;
  /** So many pieces have ended: who is about to sleep looks again when there are more of them. */
  let ended = 0;

  async function claim(limit: number): Promise<ClaimedWork[]> {
    await bound();
    return claimWork(context, { kinds, limit });
  }

  async function bound(): Promise<void> {
    const now = context.clock.now();
    if (boundedAt !== null && now >= boundedAt && now - boundedAt < boundedEvery) return;
    boundedAt = now;
    const { inUseMilliseconds, idleMilliseconds } = context.config.keeper.proofs;
    const longest = Math.max(longestPauseOfUse, inUseMilliseconds ?? 0, idleMilliseconds ?? 0);
    const count = await boundDueTimes(context, longest + clockDifference);
    if (count > 0)
      context.log.warn(
        { count },
        'a clock was wrong: work was due further ahead than it can be, and is done now',
      );
  }

  function start(work: ClaimedWork, signal: AbortSignal): Promise<void> {
    const done = doWork(work, signal).finally(() => {
      underWay.delete(work);
      ended += 1;
      record.underWay = underWay.size;
    });
    underWay.set(work, done);
    record.underWay = underWay.size;
    return done;
  }

  async function doWork(work: ClaimedWork, signal: AbortSignal): Promise<void> {
    const startedAt = context.clock.now();
    let hasFailed = false;
    let nextAt: number | null = null;
    try {
      nextAt = (await byKind.get(work.kind)?.run(work.subjectId, signal)) ?? null;
    } catch (error) {
      // The hub closes, and the work has ended at its safe point.
      if (signal.aborted) return giveBack([work]);
      hasFailed = true;
      nextAt = context.clock.now() + pauseAfterFailure;
      context.log.error({ err: error, kind: work.kind, subjectId: work.subjectId }, 'keeper work failed');
    }
    noteRun(record, work.kind, { startedAt, now: context.clock.now(), hasFailed });
    await finish(work, nextAt);
  }

  async function finish(work: ClaimedWork, nextAt: number | null): Promise<void> {
    try {
      await finishWork(context, work, nextAt);
    } catch (error) {
      // Its claim ends by itself, and it is done again.
      context.log.warn(
        { err: error, kind: work.kind, subjectId: work.subjectId },
        'keeper work not finished',
      );
    }
  }

  /** Claims what there is room for. @returns how long there is nothing more to do, in milliseconds */
  async function takeOn(signal: AbortSignal): Promise<number> {
    const room = mostAtOnce - underWay.size;
    if (room < fewestClaimed) return longestSleep;
    const works = await claim(room);
    for (const work of works) void start(work, signal);
    if (works.length === room) return longestSleep;
    const nextAt = await nextDueAt(context, kinds);
    return nextAt === null ? longestSleep : nextAt - context.clock.now();
  }

  async function takeOnOrWait(signal: AbortSignal): Promise<number> {
    try {
      return await takeOn(signal);
    } catch (error) {
      context.log.warn({ err: error }, 'the keeper can’t claim work');
      return longestSleep;
    }
  }

  /** Sleeps, but not past the end of work under way, which makes room and may make more work. */
  async function sleepUntilThereIsWork(milliseconds: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    for (const done of underWay.values()) void done.then(wake);
    try {
      const within = Math.min(Math.max(shortestSleep, milliseconds), longestSleep);
      await context.sleep(within, AbortSignal.any([signal, woken.signal]));
    } catch (error) {
      if (!signal.aborted && !woken.signal.aborted) throw error;
    }
  }

  async function giveBack(works: readonly ClaimedWork[]): Promise<void> {
    try {
      await giveBackWork(context, works);
    } catch (error) {
      context.log.warn({ err: error }, 'the keeper can’t give claims back; they end by themselves');
    }
  }

  async function stop(): Promise<void> {
    const stopped = new AbortController();
    const patience = context.sleep(patienceAtStop, stopped.signal).catch(() => undefined);
    await Promise.race([Promise.all(underWay.values()), patience]);
    stopped.abort();
    await giveBack([...underWay.keys()]);
  }

  return {
    record,
    async run(signal) {
      using _kept = keepRenewing(
        context,
        renewMilliseconds,
        () => renewClaims(context, [...underWay.keys()]),
        (error) => context.log.warn({ err: error }, 'the keeper’s claims not renewed'),
      );
      while (!signal.aborted) {
        const endedBefore = ended;
        const milliseconds = await takeOnOrWait(signal);
        if (ended === endedBefore) await sleepUntilThereIsWork(milliseconds, signal);
      }
      await stop();
    },
    async runDue() {
      const { signal } = new AbortController();
      for (let works = await claim(mostAtOnce); works.length > 0; works = await claim(mostAtOnce))
        await Promise.all(works.map((work) => start(work, signal)));
    },
  };
}
