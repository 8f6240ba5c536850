import { availableParallelism } from 'node:os';
import type { Outcome, Skipped } from './measuring/outcome.ts';

const significantDigits = 4;

/** One line of JSON for programs. */
export function printJson(outcome: Outcome | Skipped): void {
  const machine = { node: process.version, cpus: availableParallelism() };
  process.stdout.write(`${JSON.stringify({ ...outcome, ...machine })}\n`);
}

/** A few lines for people. */
export function printTable(outcome: Outcome | Skipped): void {
  if ('skipped' in outcome) {
    process.stdout.write(`${outcome.name}: skipped. ${outcome.skipped}\n`);
    return;
  }
  const { name, value, reference, unit, ratio, bar, floor, passed, p99Milliseconds, memory } = outcome;
  const rows = [
    ['ours', `${round(value)} ${unit}${floor === undefined ? '' : `  (at least ${floor})`}`],
    ['reference', `${round(reference)} ${unit}`],
    ['ratio', `${round(ratio)}  ${describeBar(bar)}`],
    ...(p99Milliseconds ? [['p99', `${p99Milliseconds[0]} ms, reference ${p99Milliseconds[1]} ms`]] : []),
    ...(memory ? [['memory', `${round(memory.value)} ${memory.unit}  (at most ${memory.reference})`]] : []),
    ['result', passed ? 'passed' : 'FAILED'],
  ];
  const width = Math.max(...rows.map(([label = '']) => label.length));
  process.stdout.write(`${name}\n`);
  for (const [label = '', text] of rows) process.stdout.write(`  ${label.padEnd(width)}  ${text}\n`);
}

function describeBar(bar: Outcome['bar']): string {
  if (bar === null) return '(no bar)';
  return 'atLeast' in bar ? `(at least ${bar.atLeast})` : `(at most ${bar.atMost})`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(significantDigits)));
}
