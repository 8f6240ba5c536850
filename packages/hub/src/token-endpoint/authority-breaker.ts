import { LRUCache } from 'lru-cache';
import { endOfPause } from '../ground/bounded-times.ts';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import { type AuthorityOutages, longestPause } from './authority-outages.ts';

/** So many connections in a row without an answer to any: it is not about one of them. */
const failuresUntilAway = 5;
/** One that has answered within this is taken to be there; else no more ask it at once than find out that it is not. */
const trustedMilliseconds = 5 * millisecondsPerSecond;
/** The first pause; each probe that fails doubles it. */
const firstPause = 5 * millisecondsPerSecond;
/** How those who were refused come back after an outage: one in so many milliseconds, but within so long. */
const spreadPerRefusal = 20;
const longestSpread = millisecondsPerMinute;

/** How a request ended, for whether the authority is there; `unknown` where that can't be told. */
export type AuthorityVerdict = 'answered' | 'away' | 'unknown';

/** What is news of an authority to all processes: it counts as away from now on, or is back. */
type AuthorityNews = 'away' | 'back';

/** What a request that was let through is told the end of. */
interface AuthorityVisit {
  /** Counts at once; resolves when the other processes can know. @returns what is news, told to one process alone */
  end(verdict: AuthorityVerdict): Promise<AuthorityNews | null>;
}

/**
 * Keeps the requests of all connections back from an authority that does not answer, so that an outage costs one probe at
 * a time however many connections fall due, and however many processes there are on the database. While it answers nobody
 * asks the database about it.
 */
export interface AuthorityBreaker {
  /**
   * @param subject whose request it is; the failures of one subject say nothing of the authority
   * @param forced let through in any case, since a person waits for it
   * @returns the visit, or in how many milliseconds to come again
   */
  enter(subject: string, forced: boolean): Promise<AuthorityVisit | { waitMilliseconds: number }>;
  /** Since when it has been away, in epoch milliseconds; null while it answers. */
  awaySince(): number | null;
}

interface BreakerContext {
  clock: Clock;
  random: Random;
  outages: AuthorityOutages;
}

/** @returns a breaker that lets everything through until the authority fails */
export function createAuthorityBreaker(
  { clock, random, outages }: BreakerContext,
  origin: string,
): AuthorityBreaker {
  const failedSubjects = new Set<string>();
  /** As far as this process knows: since when, and until when it neither asks nor looks whether another did. */
  let away: { since: number; until: number; refused: number } | null = null;
  let answeredAt = Number.NEGATIVE_INFINITY;
  let underWay = 0;
  /** Resolved when one of them has ended. */
  let anEnd = Promise.withResolvers<void>();

  function isTrusted(): boolean {
    const age = clock.now() - answeredAt;
    return age >= 0 && age < trustedMilliseconds;
  }

  function isBeingFoundOut(): boolean {
    return !away && !isTrusted() && underWay + failedSubjects.size >= failuresUntilAway;
  }

  async function end(
    subject: string,
    pauseBefore: number | null,
    verdict: AuthorityVerdict,
  ): Promise<AuthorityNews | null> {
    const now = clock.now();
    underWay -= 1;
    anEnd.resolve();
    anEnd = Promise.withResolvers();
    if (verdict === 'answered') {
      answeredAt = now;
      failedSubjects.clear();
      if (!away) return null;
      away = null;
      return (await outages.end(origin)) ? 'back' : null;
    }
    if (away) {
      if (pauseBefore === null) return null;
      const pause = verdict === 'away' ? Math.min(pauseBefore * 2, longestPause) : pauseBefore;
      away = { ...away, until: now + pause, refused: 0 };
      await outages.goOn(origin, pause);
      return null;
    }
    if (verdict === 'unknown') return null;
    failedSubjects.add(subject);
    if (failedSubjects.size >= failuresUntilAway) {
      away = { since: now, until: now + firstPause, refused: 0 };
      answeredAt = Number.NEGATIVE_INFINITY;
      return (await outages.begin(origin, now, firstPause)) ? 'away' : null;
    }
    const known = await outages.find(origin);
    // It may have answered meanwhile.
    if (known && !away && failedSubjects.has(subject))
      away = { since: known.since, until: clock.now() + known.waitMilliseconds, refused: 0 };
    return null;
  }

  /** @param pauseBefore of a probe, how long nobody had asked before it */
  function visit(subject: string, pauseBefore: number | null): AuthorityVisit {
    underWay += 1;
    return { end: (verdict) => end(subject, pauseBefore, verdict) };
  }

  function keepBack(outage: NonNullable<typeof away>, now: number): { waitMilliseconds: number } {
    outage.refused += 1;
    const spread = Math.min(Math.max(outage.refused * spreadPerRefusal, firstPause), longestSpread);
    const left = Math.max(0, endOfPause(outage.until, now, longestPause) - now);
    return { waitMilliseconds: Math.round(left + spread * share(random)) };
  }

  return {
    async enter(subject, forced) {
      // They find out first whether it is there; an outage that begins costs no more than they do.
      if (!forced) while (isBeingFoundOut()) await anEnd.promise;
      if (!away || forced) return visit(subject, null);
      const now = clock.now();
      if (now < endOfPause(away.until, now, longestPause)) return keepBack(away, now);
      // One asks for a probe at a time.
      away.until = now + firstPause;
      const turn = await outages.takeProbe(origin);
      if (turn === 'over') {
        away = null;
        failedSubjects.clear();
        return visit(subject, null);
      }
      if ('pause' in turn) return visit(subject, turn.pause);
      const outage: typeof away = away;
      // A request that was sent before has had an answer meanwhile.
      if (!outage) return visit(subject, null);
      // Whoever probes now may have its answer in a moment.
      outage.until = clock.now() + Math.min(turn.waitMilliseconds, firstPause);
      return keepBack(outage, clock.now());
    },
    awaySince: () => away?.since ?? null,
  };
}

/** A number from 0 to 1. */
function share(random: Random): number {
  return random.bytes(2).readUInt16BE() / 0xffff;
}

/** The breakers of all authorities that a process asks, by the origins of their token endpoints. */
export interface AuthorityBreakers {
  of(origin: string): AuthorityBreaker;
}

/** Token URLs can be typed: of more authorities than this the ones asked last are known. */
const mostAuthorities = 1000;

/** @returns the breakers of a process */
export function createAuthorityBreakers(context: BreakerContext): AuthorityBreakers {
  const breakers = new LRUCache<string, AuthorityBreaker>({ max: mostAuthorities });
  return {
    of(origin) {
      const known = breakers.get(origin) ?? createAuthorityBreaker(context, origin);
      breakers.set(origin, known);
      return known;
    },
  };
}
