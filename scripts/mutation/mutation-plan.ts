import { appendFileSync, readFileSync } from 'node:fs';
import type { Mutant } from './make-mutants.ts';

/** What the processes that run the tests are told, as a file named by the environment. */
export interface MutationPlan {
  root: string;
  mutants: Mutant[];
  /** Nearest first; from the checkout's root. */
  testFiles: string[];
  workers: number;
  /** A mutant that so many tests passed over has survived, unless those beside its source have yet to run. */
  testsPerMutant: number;
  /** Every line of this file is a `MutationNote`. */
  notes: string;
}

export type Fate = 'killed' | 'survived' | 'timed out';

/** What is noted while tests run, so that a run that had to be killed goes on where it stood. */
export type MutationNote =
  | { note: 'begun'; mutant: number; testFile: string; at: number; limitMilliseconds: number }
  | { note: 'tried'; mutant: number; testFile: string; fate: Fate; tests: number }
  | { note: 'finished'; testFile: string }
  | { note: 'unreliable'; testFile: string; reason: string };

export const planVariable = 'LATCHKEY_MUTATION_PLAN';

export function readPlan(): MutationPlan {
  const file = process.env[planVariable];
  if (!file) throw new Error(`${planVariable} names no plan.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function addNote(plan: MutationPlan, note: MutationNote): void {
  appendFileSync(plan.notes, `${JSON.stringify(note)}\n`);
}

export function readNotes(plan: MutationPlan): MutationNote[] {
  const lines = readFileSync(plan.notes, 'utf8').split('\n');
  return lines.filter((line) => line.endsWith('}')).map((line): MutationNote => JSON.parse(line));
}

/** What became of each mutant so far, and by how many tests; one that is missing was reached by no test. */
export function fatesOf(notes: readonly MutationNote[]): Map<number, { fate: Fate; tests: number }> {
  const fates = new Map<number, { fate: Fate; tests: number }>();
  for (const note of notes) {
    if (note.note !== 'tried') continue;
    const before = fates.get(note.mutant);
    const fate = before && before.fate !== 'survived' ? before.fate : note.fate;
    fates.set(note.mutant, { fate, tests: (before?.tests ?? 0) + note.tests });
  }
  return fates;
}

/** How many more tests of a file may look at a mutant: those beside its source may all, whatever others did before. */
export function testsLeft(
  { mutants, testsPerMutant }: Pick<MutationPlan, 'mutants' | 'testsPerMutant'>,
  mutant: number,
  testFile: string,
  testsBefore: number,
): number {
  const source = mutants.find(({ id }) => id === mutant)?.file;
  if (source?.replace(/(\.tsx?)$/, '.test$1') === testFile) return Number.POSITIVE_INFINITY;
  return Math.max(0, testsPerMutant - testsBefore);
}
