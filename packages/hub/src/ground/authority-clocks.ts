import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';
import { millisecondsPerHour, millisecondsPerMinute, millisecondsPerSecond } from './durations.ts';
import { readDate } from './outside-values.ts';

/** What was measured is held for so long against what comes; clocks drift by less than a second in that time. */
const longestKept = millisecondsPerHour;
/** From here on somebody has to set a clock. */
const toldSkew = millisecondsPerMinute;
/** Token URLs can be typed: of more authorities than this the ones asked last are known. */
const mostAuthorities = 1000;

/** How far another clock is ahead of the hub's, in milliseconds; negative where it is behind. */
export interface ClockSkew {
  skew: number;
  /** It may be so much more or less. */
  uncertainty: number;
}

/** An answer, and when the hub asked for it and got it, by its own clock. */
interface DatedAnswer {
  sentAt: number;
  receivedAt: number;
  /** The header `Date` (RFC 9110 §6.6.1), in whole seconds that have begun. */
  date: string | undefined;
}

/** The clocks of the authorities that hand out tokens, as far as their answers tell; each process measures for itself. */
export interface AuthorityClocks {
  /** Learns from an answer; one without a usable date teaches nothing. */
  observe(origin: string, answer: DatedAnswer): void;
  /** @returns null while no answer has come within the last hour */
  skewOf(origin: string): ClockSkew | null;
}

/** The skew lies between these. */
interface SkewBounds {
  least: number;
  most: number;
  measuredAt: number;
}

/**
 * @param onSkewed told once when a clock is off by more than a minute, and again only after it was right in between
 * @returns clocks that nothing is known of yet
 */
export function createAuthorityClocks(
  clock: Clock,
  onSkewed: (origin: string, skew: ClockSkew) => void,
): AuthorityClocks {
  const known = new LRUCache<string, SkewBounds>({ max: mostAuthorities });
  const told = new Set<string>();

  function boundsOf(origin: string): SkewBounds | null {
    const bounds = known.get(origin);
    const age = bounds ? clock.now() - bounds.measuredAt : Number.NaN;
    return bounds && age >= 0 && age < longestKept ? bounds : null;
  }

  return {
    observe(origin, { sentAt, receivedAt, date }) {
      const begun = readDate(date);
      if (begun === null || receivedAt < sentAt) return;
      // It was written after the request was sent, before the answer had come, and cut off to a whole second.
      const measured = {
        least: begun - receivedAt,
        most: begun + millisecondsPerSecond - sentAt,
        measuredAt: receivedAt,
      };
      const before = boundsOf(origin);
      const [least, most] = [
        Math.max(measured.least, before?.least ?? measured.least),
        Math.min(measured.most, before?.most ?? measured.most),
      ];
      // Both can't be true where one of the clocks was set meanwhile: the newer one counts then.
      known.set(origin, least <= most ? { ...measured, least, most } : measured);
      const skew = skewIn(known.get(origin) ?? measured);
      if (Math.abs(skew.skew) - skew.uncertainty <= toldSkew) told.delete(origin);
      else if (!told.has(origin)) {
        told.add(origin);
        onSkewed(origin, skew);
      }
    },
    skewOf(origin) {
      const bounds = boundsOf(origin);
      return bounds && skewIn(bounds);
    },
  };
}

function skewIn({ least, most }: SkewBounds): ClockSkew {
  return { skew: (least + most) / 2, uncertainty: (most - least) / 2 };
}
