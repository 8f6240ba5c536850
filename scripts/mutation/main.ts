// `npm run mutate`: plants small faults in sources, one at a time, and tells which ones no test notices.
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { sourcesChanged, sourcesIn } from './choose-sources.ts';
import { makeMutants } from './make-mutants.ts';
import { rankTestFiles } from './rank-test-files.ts';
import { type FolderResult, percentage, writeTable } from './report.ts';
import { runMutants } from './run-mutants.ts';
import { sample } from './sample.ts';

const usage = `npm run mutate -- [FOLDER|FILE …] [options]
  --since REV      the files changed since then, when no folder is named (default: where the branch left origin/main)
  --sample N       at most N mutants of a folder, the same ones every time
  --reach N        at most N test files from outside the folder, the nearest (default 12)
  --workers N      processes that run tests (default: half of the processors)
  --at-least N     the percentage of mutants that tests must notice (default 85)
  --json FILE      all mutants and what became of them
`;

/** Those that so many of the nearest tests pass over are passed over by the rest, nearly always. */
const testsPerMutant = 150;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      since: { type: 'string' },
      sample: { type: 'string' },
      reach: { type: 'string', default: '12' },
      workers: { type: 'string', default: String(Math.max(1, Math.floor(availableParallelism() / 2))) },
      'at-least': { type: 'string', default: '85' },
      json: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const size = values.sample === undefined ? Number.POSITIVE_INFINITY : readCount('sample', values.sample);
  const reach = readCount('reach', values.reach);
  const workers = readCount('workers', values.workers);
  const atLeast = readCount('at-least', values['at-least']);

  const root = process.cwd();
  const folders = positionals.length > 0 ? sourcesIn(root, positionals) : sourcesChanged(root, values.since);
  const results: FolderResult[] = [];
  for (const { folder, files } of folders) {
    let nextId = 1;
    const all = files.flatMap((file) => {
      const mutants = makeMutants(file, readFileSync(path.join(root, file), 'utf8'), nextId);
      nextId += mutants.length;
      return mutants;
    });
    if (all.length === 0) continue;
    const mutants = sample(all, size);
    const testFiles = rankTestFiles(root, folder, files, reach);
    process.stderr.write(
      `${folder}: ${mutants.length} of ${all.length} mutants, ${testFiles.length} test files …\n`,
    );
    const startedAt = performance.now();
    const { results: mutantResults, unreliable } = await runMutants(root, mutants, testFiles, {
      workers,
      testsPerMutant,
    });
    process.stderr.write(`  ${((performance.now() - startedAt) / 1000).toFixed(0)} s\n`);
    for (const sentence of unreliable) process.stderr.write(`  ${sentence}\n`);
    results.push({ folder, files: files.length, mutants: mutantResults });
    // After each folder, since a run takes its time and may be stopped.
    if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  if (results.length === 0) {
    process.stdout.write('There is no source to plant a fault in.\n');
    return 0;
  }
  process.stdout.write(writeTable(results));
  return percentage(results.flatMap((result) => result.mutants)) >= atLeast ? 0 : 1;
}

function readCount(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${option} takes a whole number, not "${text}".`);
  return Number(text);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
