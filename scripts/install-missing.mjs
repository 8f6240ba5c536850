import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runProgram } from '../packages/cli/src/launcher/run-program.mjs';

/**
 * Installs what the lock file names and node_modules lacks. `product` leaves out all that only tests, checks
 * and benchmarks need (a browser, a PostgreSQL, compilers).
 *
 * @param {string} root the checkout
 * @param {'product' | 'everything'} extent
 * @throws Error with one sentence when npm fails
 */
export async function installMissing(root, extent) {
  const missing = await missingPackages(root, extent);
  if (missing.length === 0) return;
  process.stderr.write(`Installing ${missing.length} packages (once) …\n`);
  const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (extent === 'product') {
    words.push('--omit=dev', '--workspace', 'packages/cli', '--include-workspace-root');
  }
  await npm(root, words);
  const stillMissing = await missingPackages(root, extent);
  if (stillMissing.length > 0) {
    throw new Error(`npm ended well, yet these are missing: ${stillMissing.slice(0, 5).join(', ')}.`);
  }
}

/** Compares the lock file with the one that npm keeps of what it installed. */
async function missingPackages(root, extent) {
  const wanted = (await readLock(path.join(root, 'package-lock.json'))) ?? {};
  const installed = (await readLock(path.join(root, 'node_modules', '.package-lock.json'))) ?? {};
  return Object.entries(wanted)
    .filter(([place, entry]) => place.includes('node_modules/') && isWanted(entry, extent))
    .filter(([place, entry]) => !isInstalled(entry, installed[place]))
    .map(([place]) => place);
}

/** Optional packages may be for another processor or system; npm knows, we don't ask. */
function isWanted(entry, extent) {
  if (entry.optional || entry.devOptional) return false;
  // Our own packages are links, and the product is made of those in packages/.
  if (entry.link) return extent === 'everything' || entry.resolved.startsWith('packages/');
  return extent === 'everything' || !entry.dev;
}

function isInstalled(wanted, installed) {
  return wanted.link ? installed?.resolved === wanted.resolved : installed?.version === wanted.version;
}

async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw new Error(`${file} can't be read: ${error.message}`, { cause: error });
  }
}

async function npm(root, words) {
  const [executable, ...first] = npmCommand(process);
  const { code, problem } = await runProgram(executable, [...first, ...words], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (code === 0) return;
  throw new Error(
    problem ??
      `npm could not install the packages (exit code ${code}). Is a package registry in reach, and may this user write to ${root}? Mend that and start again.`,
  );
}

/**
 * How npm is started: by the file that it names when it runs a script itself. pnpm and Yarn name theirs in the same
 * variable, and Windows starts no `npm.cmd` without its command interpreter.
 *
 * @param {{ platform: string, execPath: string, env: Record<string, string | undefined> }} machine
 */
export function npmCommand({ platform, execPath, env }) {
  const self = env.npm_execpath ?? '';
  if (/(?:^|[\\/])npm-cli\.js$/.test(self)) return [execPath, self];
  return platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
}
