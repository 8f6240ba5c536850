import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** The files that an install makes commands of. */
function commandFiles(): string[] {
  return globSync('packages/*/package.json', { cwd: root }).flatMap((manifest) => {
    const { bin = {} }: { bin?: Record<string, string> } = JSON.parse(
      readFileSync(path.join(root, manifest), 'utf8'),
    );
    return Object.values(bin).map((file) => path.join(path.dirname(manifest), file));
  });
}

// npm sets the bit at every install, and the checkout would turn up as changed.
it('commits commands with their run bit', () => {
  const files = commandFiles();
  expect(files).toEqual(['packages/cli/bin/latchkey.mjs']);
  const listed = execFileSync('git', ['ls-files', '--stage', ...files], { cwd: root, encoding: 'utf8' });
  expect(
    listed
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]),
  ).toEqual(files.map(() => '100755'));
});
