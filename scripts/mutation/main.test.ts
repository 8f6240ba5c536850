import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const command = fileURLToPath(new URL('main.ts', import.meta.url));

/** A checkout with one package, a folder of which has one mutant of each fate. */
const checkout: Record<string, string> = {
  'vitest.config.ts': `import { defineConfig } from 'vitest/config';
export default defineConfig({ test: { projects: [{ test: { name: 'unit', include: ['packages/*/src/**/*.test.ts'] } }] } });`,
  'packages/toy/package.json': '{ "name": "toy", "exports": "./src/index.ts" }',
  'packages/toy/src/counting/count-up.ts': `export const isWanted = (count: number): boolean => count > 7;
export const isUnwatched = (count: number): boolean => count < 3;
export const neverCalled = (text: string): string => text.trim();
export function roundsTo(end: number): number {
  let rounds = 0;
  while (rounds !== end) rounds += 1;
  return rounds;
}
export const words = ['one', 'two'] as const;
`,
  'packages/toy/src/counting/count-up.test.ts': `import { expect, it } from 'vitest';
import { isUnwatched, isWanted, roundsTo, words } from './count-up.ts';
let calls = 0;
it('tells seven from eight', () => { calls += 1; expect([isWanted(7), isWanted(8)]).toEqual([false, true]); });
it('calls without looking', () => { isUnwatched(1); });
it('counts rounds', () => { expect(roundsTo(3)).toBe(3); });
it('knows two words', () => { expect(words).toEqual(['one', 'two']); });
it('leans on another test', () => { isUnwatched(1); expect(calls).toBeGreaterThan(0); });
`,
};

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'latchkey-mutate-'));
  symlinkSync(path.join(repository, 'node_modules'), path.join(root, 'node_modules'));
  for (const [file, text] of Object.entries(checkout)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function mutate(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

it('tells which mutants tests kill, pass over, never end with, and never reach', { timeout: 300_000 }, () => {
  const { status, stdout, stderr } = mutate('packages/toy/src/counting', '--json', 'result.json');

  expect(stderr).not.toContain('fails without any mutant');
  const [folder] = JSON.parse(readFileSync(path.join(root, 'result.json'), 'utf8'));
  const fates = folder.mutants.map((mutant: { line: number; change: string; fate: string }) => {
    return `${mutant.line} ${mutant.change}: ${mutant.fate}`;
  });
  expect(fates).toEqual([
    '1 > → >=: killed',
    '1 > → <=: killed',
    '2 < → <=: survived',
    '2 < → >=: survived',
    '3 text.trim() → text: no tests',
    '5 0 → 1: survived',
    '6 rounds !== end → false: killed',
    '6 rounds += 1 → undefined: timed out',
    '6 += → -=: timed out',
    '6 1 → 2: timed out',
    "9 ['one', 'two'] → []: killed",
    "9 'one' → '': killed",
    "9 'two' → '': killed",
  ]);
  expect(stdout).toContain('| packages/toy/src/counting | 1 | 13 | 6 | 3 | 3 | 1 | 69.2 % |');
  expect(stdout).toContain('packages/toy/src/counting/count-up.ts:2  < → <=\n');
  expect(stdout).toContain('packages/toy/src/counting/count-up.ts:3  text.trim() → text  (no tests)\n');
  expect(status).toBe(1);
});

it('is content with the percentage that was asked for', { timeout: 300_000 }, () => {
  const { status, stdout } = mutate(
    'packages/toy/src/counting/count-up.ts',
    '--sample',
    '1',
    '--at-least',
    '0',
  );
  expect(status).toBe(0);
  expect(stdout).toContain('| packages/toy/src/counting | 1 | 1 |');
});

it('plants its own faults and not those of the run before', { timeout: 300_000 }, () => {
  mutate('packages/toy/src/counting', '--sample', '1');
  const { stdout } = mutate('packages/toy/src/counting', '--sample', '12');
  expect(stdout).toContain('| packages/toy/src/counting | 1 | 12 |');
  expect(stdout.match(/\(no tests\)/g)?.length ?? 0).toBeLessThanOrEqual(1);
});

it('says what it was not asked well', () => {
  expect(mutate('packages/toy/src/nowhere')).toMatchObject({
    status: 2,
    stderr: 'There is no packages/toy/src/nowhere.\n',
  });
  expect(mutate('--sample', 'few')).toMatchObject({
    status: 2,
    stderr: '--sample takes a whole number, not "few".\n',
  });
});
