import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Mutant } from './make-mutants.ts';
import { addNote, type Fate, fatesOf, type MutationPlan, planVariable, readNotes } from './mutation-plan.ts';

export interface MutantResult extends Mutant {
  fate: Fate | 'no tests';
}

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));
const config = fileURLToPath(new URL('vitest-config.ts', import.meta.url));
const lookMilliseconds = 1000;
/** As shells tell that Ctrl-C ended a program. */
const interruptedExitCode = 130;

/**
 * Runs the test files with all mutants built in and tells what became of each. Tests that hang without letting
 * go of their process are ended with it, and the rest goes on in a new one.
 */
export async function runMutants(
  root: string,
  mutants: readonly Mutant[],
  testFiles: readonly string[],
  { workers, testsPerMutant }: { workers: number; testsPerMutant: number },
): Promise<{ results: MutantResult[]; unreliable: string[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'latchkey-mutation-'));
  const notes = path.join(folder, 'notes.ndjson');
  const plan: MutationPlan = {
    root,
    mutants: [...mutants],
    testFiles: [...testFiles],
    workers,
    testsPerMutant,
    notes,
  };
  try {
    writeFileSync(notes, '');
    const planFile = path.join(folder, 'plan.json');
    writeFileSync(planFile, JSON.stringify(plan));
    while (!(await runOnce(plan, planFile))) {
      // What hung is noted; on with the others.
    }
    const all = readNotes(plan);
    const fates = fatesOf(all);
    return {
      results: mutants.map((mutant) => ({ ...mutant, fate: fates.get(mutant.id)?.fate ?? 'no tests' })),
      unreliable: all.flatMap((note) =>
        note.note === 'unreliable' ? [`${note.testFile} ${note.reason}`] : [],
      ),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns whether the tests came to their end */
async function runOnce(plan: MutationPlan, planFile: string): Promise<boolean> {
  const child = spawn(process.execPath, [vitest, 'run', '--config', config, '--root', plan.root], {
    cwd: plan.root,
    env: { ...process.env, [planVariable]: planFile },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that the processes it starts end with it.
    detached: true,
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));

  let hung = false;
  const end = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  };
  const watch = setInterval(() => {
    const stuck = findStuck(plan);
    if (!stuck) return;
    addNote(plan, {
      note: 'tried',
      mutant: stuck.mutant,
      testFile: stuck.testFile,
      fate: 'timed out',
      tests: 1,
    });
    hung = true;
    end();
  }, lookMilliseconds);
  // A group of its own gets no Ctrl-C either: it must not outlive this process.
  const leave = () => process.exit(interruptedExitCode);
  process.once('exit', end).once('SIGINT', leave).once('SIGTERM', leave);
  await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  clearInterval(watch);
  process.off('exit', end).off('SIGINT', leave).off('SIGTERM', leave);
  if (hung) return false;

  const finished = new Set(readNotes(plan).map((note) => (note.note === 'finished' ? note.testFile : '')));
  const missing = plan.testFiles.filter((file) => !finished.has(file));
  for (const testFile of missing) {
    addNote(plan, {
      note: 'unreliable',
      testFile,
      reason: `did not come to its end: ${said.join('').trim().slice(-600)}`,
    });
  }
  return true;
}

/** The mutant whose tests have run for longer than they may, if any. */
function findStuck(plan: MutationPlan) {
  const begun = new Map<string, { mutant: number; testFile: string; endsBy: number }>();
  for (const note of readNotes(plan)) {
    if (note.note === 'begun') {
      begun.set(note.testFile, {
        mutant: note.mutant,
        testFile: note.testFile,
        endsBy: note.at + note.limitMilliseconds,
      });
    } else begun.delete(note.testFile);
  }
  return [...begun.values()].find((one) => one.endsBy < Date.now());
}
