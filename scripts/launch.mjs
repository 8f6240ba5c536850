#!/usr/bin/env node
// The one way in: `npm start`, `npm test`, `npm run check|mutate|bench|build:packages|latchkey` all come here. Plain
// JavaScript, since it must run on any Node from 20 on, with nothing installed; what follows runs on Node 24.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithScriptRunner } from '../packages/cli/src/launcher/end-with-script-runner.mjs';
import { findNode, majorOf, oldestNodeMajor, thisMachine } from '../packages/cli/src/launcher/find-node.mjs';
import { runProgram } from '../packages/cli/src/launcher/run-program.mjs';
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

endWithScriptRunner();
try {
  process.exitCode = await launch(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** @returns the exit code: that of the first program that fails, else 0 */
async function launch([name, ...rest]) {
  const command = commands[name];
  if (!command) {
    throw new Error(`There is no command "${name}". There are: ${Object.keys(commands).join(', ')}.`);
  }
  if (majorOf(process.version) < oldestNodeMajor) {
    throw new Error(
      `Latchkey needs Node ${oldestNodeMajor} or later to start; this is ${process.version}. Install Node 24 from https://nodejs.org.`,
    );
  }
  await installMissing(root, command.installs);
  const found = findNode(thisMachine());
  if ('problem' in found) throw new Error(found.problem);
  const programs = command.runs.map((words) => [...words, ...rest]);
  if (command.builds) programs.unshift(['scripts/build-web.mjs']);
  for (const words of programs) {
    const { code, problem } = await runProgram(found.node, words, { cwd: root });
    if (problem !== null) process.stderr.write(`${problem}\n`);
    if (code !== 0) return code;
  }
  return 0;
}
