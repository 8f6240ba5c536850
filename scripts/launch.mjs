#!/usr/bin/env node
// The one way in: `npm start`, `npm test`, `npm run check|mutate|bench|build:packages|latchkey` all come here. Plain
// JavaScript, since it must run on any Node from 20 on, with nothing installed; what follows runs on Node 24.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNode, oldestNodeMajor } from './find-node.mjs';
import { installMissing } from './install-missing.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What each command needs installed, and what it runs: programs of ours, one after the other. */
const commands = {
  start: { installs: 'product', builds: true, runs: [['packages/cli/bin/latchkey.mjs', 'start']] },
  latchkey: { installs: 'product', builds: true, runs: [['packages/cli/bin/latchkey.mjs']] },
  test: { installs: 'everything', builds: true, runs: [['node_modules/vitest/vitest.mjs', 'run']] },
  check: { installs: 'everything', builds: false, runs: [['scripts/check.mjs']] },
  mutate: { installs: 'everything', builds: false, runs: [['scripts/mutation/main.ts']] },
  'build-packages': { installs: 'everything', builds: false, runs: [['scripts/build-packages.mjs']] },
  bench: { installs: 'everything', builds: true, runs: [['bench/src/main.ts']] },
};

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) fail(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
if (Number(process.versions.node.split('.')[0]) < oldestNodeMajor) {
  fail(`Latchkey needs Node ${oldestNodeMajor} or later to start; this is ${process.version}.`);
}

await installMissing(root, command.installs).catch((error) => fail(error.message));
const node = findNode(root);
if (!node) {
  fail(
    `Latchkey runs on Node 24, which npm brings along on Linux (x64, arm64) only. This is Node ${process.version} on ${process.platform}: install Node 24 and try again.`,
  );
}
if (command.builds) await run(node, ['scripts/build-web.mjs']);
for (const [program, ...words] of command.runs) await run(node, [program, ...words, ...rest]);

/** Runs one program to its end and ends with its exit code when that is not 0. */
function run(executable, words) {
  return new Promise((resolve) => {
    const child = spawn(executable, words, { cwd: root, stdio: 'inherit' });
    // Ctrl-C reaches the child by itself, through the terminal; a plain kill does not.
    const ignore = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', forward);
    child.on('error', (error) => fail(`${executable} can't be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      if (code === 0) resolve();
      else process.exit(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
