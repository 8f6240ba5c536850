import { LRUCache } from 'lru-cache';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';

/** So many connections in a row without an answer to any: it is not about one of them. */
const failuresUntilAway = 5;
/** The first pause; each probe that fails doubles it. */
const firstPause = 5 * millisecondsPerSecond;
const longestPause = millisecondsPerMinute;
/** Longer than a token request may take (20 s): the probe of a caller who is gone holds nobody up for ever. */
const longestProbe = 30 * millisecondsPerSecond;
/** How those who were refused come back after an outage: one in so many milliseconds, but within so long. */
const spreadPerRefusal = 20;
const longestSpread = millisecondsPerMinute;

/** How a request ended, for whether the authority is there; `unknown` where that can't be told. */
export type AuthorityVerdict = 'answered' | 'away' | 'unknown';

/** What a request that was let through is told the end of. */
interface AuthorityVisit {
  /** @returns what is news: the authority counts as away from now on, or is back */
  end(verdict: AuthorityVerdict): 'away' | 'back' | null;
}

/**
 * Keeps the requests of all connections back from an authority that does not answer, so that an outage costs one probe at
 * a time however many connections fall due. Each process has its own.
 */
export interface AuthorityBreaker {
  /**
   * @param subject whose request it is; the failures of one subject say nothing of the authority
   * @param forced let through in any case, since a person waits for it
   * @returns the visit, or in how many milliseconds to come again
   */
  enter(subject: string, forced: boolean): AuthorityVisit | { waitMilliseconds: number };
  /** Since when it has been away, in epoch milliseconds; null while it answers. */
  awaySince(): number | null;
}

/** @returns a breaker that lets everything through until the authority fails */
export function createAuthorityBreaker({
  clock,
  random,
}: {
  clock: Clock;
  random: Random;
}): AuthorityBreaker {
  const failedSubjects = new Set<string>();
  let away: { since: number; until: number; pause: number; refused: number; probeUntil: number } | null =
    null;

  function end(subject: string, isProbe: boolean, verdict: AuthorityVerdict): 'away' | 'back' | null {
    const now = clock.now();
    if (verdict === 'answered') {
      failedSubjects.clear();
      if (!away) return null;
      away = null;
      return 'back';
    }
    if (away) {
      if (!isProbe) return null;
      const pause = verdict === 'away' ? Math.min(away.pause * 2, longestPause) : away.pause;
      away = { ...away, until: now + pause, pause, refused: 0, probeUntil: 0 };
      return null;
    }
    if (verdict === 'unknown') return null;
    failedSubjects.add(subject);
    if (failedSubjects.size < failuresUntilAway) return null;
    away = { since: now, until: now + firstPause, pause: firstPause, refused: 0, probeUntil: 0 };
    return 'away';
  }

  function visit(subject: string, isProbe: boolean): AuthorityVisit {
    return { end: (verdict) => end(subject, isProbe, verdict) };
  }

  return {
    enter(subject, forced) {
      if (!away || forced) return visit(subject, false);
      const now = clock.now();
      if (now >= away.until && now >= away.probeUntil) {
        away.probeUntil = now + longestProbe;
        return visit(subject, true);
      }
      away.refused += 1;
      const spread = Math.min(Math.max(away.refused * spreadPerRefusal, firstPause), longestSpread);
      const left = Math.max(0, away.until - now);
      return { waitMilliseconds: Math.round(left + spread * share(random)) };
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
export function createAuthorityBreakers(context: { clock: Clock; random: Random }): AuthorityBreakers {
  const breakers = new LRUCache<string, AuthorityBreaker>({ max: mostAuthorities });
  return {
    of(origin) {
      const known = breakers.get(origin) ?? createAuthorityBreaker(context);
      breakers.set(origin, known);
      return known;
    },
  };
}
