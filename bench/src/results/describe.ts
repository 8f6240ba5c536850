import type { Bar } from '../measuring/outcome.ts';

const significantDigits = 4;

/** @returns a figure with as many digits as it is good for */
export function describeFigure(value: number): string {
  return String(Number(value.toPrecision(significantDigits)));
}

/** @returns what a ratio has to be, in words */
export function describeBar(bar: Bar | null): string {
  if (bar === null) return 'none';
  return 'atLeast' in bar ? `at least ${bar.atLeast}` : `at most ${bar.atMost}`;
}
