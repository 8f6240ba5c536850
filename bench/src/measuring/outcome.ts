/** What a benchmark found, as its line of JSON says it. */
export interface Outcome {
  name: string;
  /** What was measured, of ours. */
  value: number;
  unit: string;
  /** The same of what we compare with. */
  reference: number;
  /** `value` divided by `reference`. */
  ratio: number;
  /** What the ratio has to be; null where nothing is asked. */
  bar: { atLeast: number } | { atMost: number } | null;
  /** What the value itself has to be, where more than the ratio is asked. */
  floor?: number;
  passed: boolean;
  /** Of each round: ours and the reference's, or what one run took. */
  rounds: readonly unknown[];
  /** Ours and the reference's. */
  p99Milliseconds?: [number, number];
  /** The second figure of a start. */
  memory?: { value: number; unit: string; reference: number; ratio: number };
}

/** There was nothing to compare with on this machine. */
export interface Skipped {
  name: string;
  skipped: string;
}

/** @returns whether the ratio is on the right side of the bar */
export function passes(ratio: number, bar: Outcome['bar']): boolean {
  if (bar === null) return true;
  return 'atLeast' in bar ? ratio >= bar.atLeast : ratio <= bar.atMost;
}
