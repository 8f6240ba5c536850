#!/usr/bin/env node
// Plain JavaScript on purpose: whatever Node runs this first, the product goes on under Node 24.
import module from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { describeMissingPackage } from '../src/launcher/describe-missing-package.mjs';
import { endWithScriptRunner } from '../src/launcher/end-with-script-runner.mjs';
import { findNode, isProductNode, thisMachine } from '../src/launcher/find-node.mjs';
import { runProgram } from '../src/launcher/run-program.mjs';

/** Beside what is installed, where it goes away with it. */
const compileCache = fileURLToPath(new URL('../../../node_modules/.cache/latchkey', import.meta.url));
const words = process.argv.slice(2);

endWithScriptRunner();
await (isProductNode(process.version) ? run() : runUnderProductNode());

async function run() {
  // While a process starts, most of what it allocates is code and stays. V8 answers by letting its young generation
  // grow to 64 MB, which a hub at rest then holds for nothing. Held back, the start ends with some 40 MB less; what
  // serves lets go of it (src/start/release-young-generation.ts).
  setFlagsFromString('--semi-space-growth-factor=1');
  // Compiled code is kept from one start to the next, half of what loading costs. Where the folder can't be written,
  // it is compiled each time.
  module.enableCompileCache(compileCache);
  try {
    const { runLatchkey } = await import('../src/main.ts');
    await runLatchkey(words);
  } catch (error) {
    const description = describeMissingPackage(error);
    if (description === null) throw error;
    tell(description);
  }
}

async function runUnderProductNode() {
  const found = findNode(thisMachine());
  if ('problem' in found) return tell(found.problem);
  try {
    const { code, problem } = await runProgram(found.node, [fileURLToPath(import.meta.url), ...words]);
    if (problem !== null) tell(problem);
    process.exitCode = code;
  } catch (error) {
    tell(error.message);
  }
}

function tell(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
}
