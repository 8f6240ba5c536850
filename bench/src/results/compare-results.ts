import type { Outcome } from '../measuring/outcome.ts';
import { readResults } from './write-results.ts';

/** Prints what changed from one run of all benchmarks to another: each ratio, and whether the spreads overlap. */
export async function compareResults(before: string, after: string): Promise<void> {
  const earlier = new Map((await readMeasured(before)).map((outcome) => [outcome.name, outcome]));
  for (const outcome of await readMeasured(after)) {
    const old = earlier.get(outcome.name);
    process.stdout.write(`${outcome.name.padEnd(24)}${old ? describeChange(old, outcome) : 'new'}\n`);
  }
}

async function readMeasured(file: string): Promise<Outcome[]> {
  const { outcomes } = await readResults(file);
  return outcomes.filter((outcome): outcome is Outcome => !('skipped' in outcome));
}

function describeChange(before: Outcome, after: Outcome): string {
  const percent = (after.ratio / before.ratio - 1) * 100;
  const isWithinSpread =
    after.ratioSpread.lowerQuartile <= before.ratioSpread.upperQuartile &&
    before.ratioSpread.lowerQuartile <= after.ratioSpread.upperQuartile;
  const change = `${before.ratio.toFixed(2)} → ${after.ratio.toFixed(2)}`;
  return `${change}  ${percent.toFixed(0).padStart(4)} %  ${isWithinSpread ? 'within the spread' : 'beyond the spread'}`;
}
