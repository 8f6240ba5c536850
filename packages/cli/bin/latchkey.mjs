#!/usr/bin/env node
// Plain JavaScript on purpose: whatever Node runs this first, the product goes on under Node 24.
import { spawnSync } from 'node:child_process';
import module, { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const productNodeMajor = 24;
const folder = path.dirname(fileURLToPath(import.meta.url));
const main = path.join(folder, '..', 'src', 'main.ts');
/** Beside what is installed, where it goes away with it. */
const compileCache = path.join(folder, '..', '..', '..', 'node_modules', '.cache', 'latchkey');

if (Number(process.versions.node.split('.')[0]) >= productNodeMajor) {
  // While a process starts, most of what it allocates is code and stays. V8 answers by letting its young generation
  // grow to 64 MB, which a hub at rest then holds for nothing. Held back, the start ends with some 40 MB less; what
  // serves lets go of it (src/start/release-young-generation.ts).
  setFlagsFromString('--semi-space-growth-factor=1');
  // Compiled code is kept from one start to the next, half of what loading costs. Where the folder can't be written,
  // it is compiled each time.
  module.enableCompileCache(compileCache);
  const { runLatchkey } = await import(main);
  await runLatchkey(process.argv.slice(2));
} else {
  // Ctrl-C reaches the child through the terminal; this process only waits for it.
  process.on('SIGINT', () => {});
  const { status } = spawnSync(packagedNode(), [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exit(status ?? 1);
}

function packagedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return path.join(path.dirname(manifest), 'bin', 'node');
  } catch {
    process.stderr.write(
      `Latchkey runs on Node ${productNodeMajor}; this is ${process.version} and "${name}" is not installed. Install Node ${productNodeMajor}.\n`,
    );
    return process.exit(1);
  }
}
