import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Outcome, Skipped } from '../measuring/outcome.ts';
import { describeBar, describeFigure } from './describe.ts';

/** What one run of all benchmarks brought, as it is kept in a file. */
export interface Results {
  node: string;
  cpus: number;
  outcomes: readonly (Outcome | Skipped)[];
}

const tableStart = '<!-- results: `npm run bench -- all` writes what follows -->';
const tableEnd = '<!-- end of results -->';
const costsStart = '<!-- costs: `npm run bench -- all` writes what follows -->';
const costsEnd = '<!-- end of costs -->';

/** @param file - gets all that was measured, as JSON */
export async function writeResults(file: string, outcomes: Results['outcomes']): Promise<void> {
  const results: Results = { node: process.version, cpus: availableParallelism(), outcomes };
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** @throws Error when the file holds no results */
export async function readResults(file: string): Promise<Results> {
  const results = JSON.parse(await readFile(file, 'utf8')) as Partial<Results>;
  if (!Array.isArray(results.outcomes)) throw new Error(`${file} holds no results of benchmarks.`);
  return results as Results;
}

/**
 * Puts the table of results into a page, in place of the one that is there.
 *
 * @throws Error when the page has no place for it
 */
export async function writeResultsTable(page: string, outcomes: Results['outcomes']): Promise<void> {
  await writeBetween(page, [tableStart, tableEnd], presentTable(outcomes));
}

/** Does the same with what things cost, where that was measured. @throws Error when the page has no place for it */
export async function writeCostsTable(page: string, outcomes: Results['outcomes']): Promise<void> {
  const costs = outcomes.find(({ name }) => name === 'costs');
  if (costs === undefined || 'skipped' in costs) return;
  const figures = [[costs.unit, [costs.value, costs.reference]] as const, ...Object.entries(costs.beside)];
  const rows = figures.map(([what, [ours, reference]]) => [
    what,
    describeFigure(ours),
    describeFigure(reference),
  ]);
  await writeBetween(page, [costsStart, costsEnd], presentRows([['', 'SQLite', 'PostgreSQL'], ...rows]));
}

async function writeBetween(
  page: string,
  [start, end]: readonly [string, string],
  table: string,
): Promise<void> {
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(start);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${page} has no place for the results.`);
  await writeFile(page, `${before}${start}\n\n${table}\n${end}${after}`);
}

function presentTable(outcomes: Results['outcomes']): string {
  const rows = outcomes.map((outcome) =>
    'skipped' in outcome ? [`\`${outcome.name}\``, outcome.skipped, '', '', '', '', ''] : presentRow(outcome),
  );
  const head = ['Benchmark', 'Figure', 'Ours', 'Reference', 'Ratio (middle half)', 'Bar', ''];
  return presentRows([head, ...rows]);
}

function presentRows([head = [], ...rows]: readonly string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`);
  return lines.join('');
}

function presentRow(outcome: Outcome): string[] {
  const { name, unit, value, reference, ratio, ratioSpread, bar, verdict } = outcome;
  const spread = [ratioSpread.lowerQuartile, ratioSpread.upperQuartile].map((share) => share.toFixed(2));
  return [
    `\`${name}\``,
    unit,
    describeFigure(value),
    describeFigure(reference),
    `${ratio.toFixed(2)} (${spread.join(' to ')})`,
    describeBar(bar),
    bar === null ? '' : verdict,
  ];
}
