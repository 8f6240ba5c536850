import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, benchmarks } from './benchmarks/index.ts';
import { type Effort, fullEffort, quickEffort } from './measuring/effort.ts';
import type { Outcome, Skipped } from './measuring/outcome.ts';
import { compareResults } from './results/compare-results.ts';
import { printJson, printTable } from './results/print-outcome.ts';
import { writeCostsTable, writeResults, writeResultsTable } from './results/write-results.ts';

const usage = `npm run --silent bench -- NAME [--quick] [--json]
npm run --silent bench -- all [--quick] [--results FILE]   runs all, writes the tables of docs/benchmarks.md and docs/scale.md unless quick
npm run --silent bench -- compare FILE FILE                what changed from one run of all to another
`;
const pages = path.resolve(import.meta.dirname, '../../docs');

interface Options {
  effort: Effort;
  isQuick: boolean;
  isJson: boolean;
  results: string;
}

/** Exit code 1 unless every bar is met. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      results: { type: 'string', default: 'bench-results.json' },
    },
    allowPositionals: true,
  });
  const [name = '', before, after] = positionals;
  if (name === 'compare' && before !== undefined && after !== undefined) {
    await compareResults(before, after);
    return 0;
  }
  const benchmark = benchmarks.get(name);
  const isQuick = values.quick;
  const options = {
    effort: isQuick ? quickEffort : fullEffort,
    isQuick,
    isJson: values.json,
    results: values.results,
  };
  if (name === 'all') return runAll(options);
  if (benchmark) return runOne(name, benchmark, options);
  const problem = name === '' ? '' : `There is no benchmark "${name}".\n`;
  process.stderr.write(`${problem}${usage}\n${[...benchmarks.keys()].join('\n')}\n`);
  return name === '' ? 0 : 1;
}

async function runOne(name: string, benchmark: Benchmark, { effort, isJson }: Options): Promise<number> {
  const outcome = await benchmark(name, effort);
  if (isJson) printJson(outcome);
  else printTable(outcome);
  return isMet(outcome) ? 0 : 1;
}

async function runAll({ effort, isQuick, results }: Options): Promise<number> {
  const outcomes: (Outcome | Skipped)[] = [];
  for (const [name, benchmark] of benchmarks) {
    const outcome = await benchmark(name, effort);
    printTable(outcome);
    outcomes.push(outcome);
  }
  await writeResults(results, outcomes);
  if (!isQuick) {
    await writeResultsTable(path.join(pages, 'benchmarks.md'), outcomes);
    await writeCostsTable(path.join(pages, 'scale.md'), outcomes);
  }
  return outcomes.every(isMet) ? 0 : 1;
}

function isMet(outcome: Outcome | Skipped): boolean {
  return 'skipped' in outcome || outcome.verdict === 'met';
}

process.exitCode = await main();
