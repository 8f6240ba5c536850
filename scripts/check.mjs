// Everything that `npm run check` checks, all of it even when something fails, so that one run tells all.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @type {[title: string, program: string, words: string[]][]} */
const checks = [
  ['types', 'node_modules/typescript/bin/tsc', []],
  ['types of the UI', 'node_modules/typescript/bin/tsc', ['-p', 'packages/web']],
  ['biome', 'node_modules/@biomejs/biome/bin/biome', ['ci', '--error-on-warnings']],
  ['oxlint', 'node_modules/oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']],
  // Who imports whom: packages, floors, circles.
  ['arrows', 'scripts/check-arrows.ts', []],
  ['knip', 'node_modules/knip/bin/knip.js', []],
];

const failed = [];
for (const [title, program, words] of checks) {
  const startedAt = performance.now();
  const { status } = spawnSync(process.execPath, [program, ...words], { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${status === 0 ? 'ok  ' : 'FAIL'} ${title} (${seconds} s)\n`);
  if (status !== 0) failed.push(title);
}
if (failed.length > 0) {
  process.stderr.write(`These checks failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
