import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { buildInMutants } from './build-in-mutants.ts';
import { fatesOf, readNotes, readPlan } from './mutation-plan.ts';

const plan = readPlan();
const notes = readNotes(plan);
const fates = fatesOf(notes);
const finished = new Set(notes.map((note) => (note.note === 'finished' ? note.testFile : '')));
const testFiles = plan.testFiles.filter((file) => !finished.has(file));
const mutants = plan.mutants.filter((mutant) => (fates.get(mutant.id)?.fate ?? 'survived') === 'survived');

class NearestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = (file: TestSpecification) => testFiles.indexOf(path.relative(plan.root, file.moduleId));
    return files.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** What the checkout's own unit tests are set up with. */
async function readUnitSettings(): Promise<{ globalSetup?: string[]; testTimeout?: number }> {
  const { default: config } = await import(pathToFileURL(path.join(plan.root, 'vitest.config.ts')).href);
  const unit = config.test.projects.find(
    (project: { test: { name: string } }) => project.test.name === 'unit',
  );
  return { globalSetup: unit.test.globalSetup ?? [], testTimeout: unit.test.testTimeout };
}

export default defineConfig({
  root: plan.root,
  logLevel: 'error',
  plugins: [
    {
      name: 'build-in-mutants',
      enforce: 'pre',
      load(id) {
        const file = path.relative(plan.root, id.replace(/\?.*$/, ''));
        const own = mutants.filter((mutant) => mutant.file === file);
        if (own.length === 0) return null;
        return buildInMutants(readFileSync(path.join(plan.root, file), 'utf8'), own);
      },
    },
  ],
  test: {
    ...(await readUnitSettings()),
    name: 'unit',
    include: testFiles,
    // Its key knows nothing of the plan: a run would meet the mutants of the run before.
    fsModuleCache: false,
    runner: fileURLToPath(new URL('mutant-runner.ts', import.meta.url)),
    pool: 'forks',
    isolate: true,
    maxWorkers: plan.workers,
    reporters: [{}],
    watch: false,
    passWithNoTests: true,
    sequence: { sequencer: NearestFirst },
  },
});
