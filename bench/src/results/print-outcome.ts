import { availableParallelism } from 'node:os';
import type { Outcome, Skipped } from '../measuring/outcome.ts';
import { describeBar, describeFigure } from './describe.ts';

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
  const { name, value, reference, unit, ratio, ratioSpread, bar, verdict, beside, load } = outcome;
  const spread = `${describeFigure(ratioSpread.lowerQuartile)} to ${describeFigure(ratioSpread.upperQuartile)}`;
  const rows = [
    ['', 'ours', 'reference'],
    [unit, describeFigure(value), describeFigure(reference)],
    ...Object.entries(beside).map(([label, [ours, other]]) => [
      label,
      describeFigure(ours),
      describeFigure(other),
    ]),
    ['ratio', describeFigure(ratio), `middle half of the rounds ${spread}`],
    ['bar', describeBar(bar), bar === null ? '' : verdict],
  ];
  const [first, second] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  process.stdout.write(`${name}${load === undefined ? '' : ` (load by ${load})`}\n`);
  for (const [label = '', one = '', other = ''] of rows) {
    process.stdout.write(`  ${label.padEnd(first ?? 0)}  ${one.padEnd(second ?? 0)}  ${other}\n`);
  }
}
