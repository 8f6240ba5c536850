import type { Spread } from './spread.ts';

/** What a ratio has to be. */
export type Bar = { atLeast: number } | { atMost: number };

/** *unclear*: the middle half of the measurements lies on both sides of the bar. It counts as missed. */
export type Verdict = 'met' | 'missed' | 'unclear';

/** What a benchmark found, as its line of JSON says it. */
export interface Outcome {
  name: string;
  /** What was measured of ours, the median. */
  value: number;
  unit: string;
  /** The same of what we compare with. */
  reference: number;
  /** As the bar asks for it: of processor time the reference's over ours, of all else ours over the reference's. */
  ratio: number;
  ratioSpread: Spread;
  /** Null where nothing is asked. */
  bar: Bar | null;
  verdict: Verdict;
  /** Figures that stand beside the first one: what they are, ours and the reference's. */
  beside: Readonly<Record<string, readonly [ours: number, reference: number]>>;
  /** What made the requests. */
  load?: string;
  /** Each measurement. */
  rounds: readonly unknown[];
}

/** There was nothing to compare with on this machine. */
export interface Skipped {
  name: string;
  skipped: string;
}

/** Holds measured ratios against a bar. */
export function judge({ lowerQuartile, upperQuartile }: Spread, bar: Bar | null): Verdict {
  if (bar === null) return 'met';
  const isMet = (ratio: number) => ('atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost);
  const [one, other] = [isMet(lowerQuartile), isMet(upperQuartile)];
  if (one !== other) return 'unclear';
  return one ? 'met' : 'missed';
}

/** Of several verdicts on one thing, the one that counts. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return (['missed', 'unclear'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'met';
}
