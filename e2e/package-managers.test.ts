import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Registry, serveRegistry } from './support/serve-registry.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');
const installed = path.join(root, 'node_modules');
const pnpm = path.join(installed, `@pnpm/exe.${process.platform}-${process.arch}`, 'pnpm');
const published = ['microsoft', 'cloud', 'api', 'client'];

/** Uses each package as its README says, and prints what came of it. */
const program = `
import { createHubClient } from '@latchkey/client';
import { startLocalCloud } from '@latchkey/cloud';
import { parseEnvironmentAddress } from '@latchkey/microsoft';

const cloud = await startLocalCloud();
const token = await cloud.issueToken({ user: cloud.users.salesperson, resource: cloud.graph.http });
const me = await fetch(cloud.graph.http + '/v1.0/me', { headers: { authorization: 'Bearer ' + token } });
const { userPrincipalName } = await me.json();
await cloud.close();
const { origin } = parseEnvironmentAddress('contoso.crm4.dynamics.com');
console.log(JSON.stringify({ userPrincipalName, origin, client: typeof createHubClient }));
`;

let built: string;
let registry: Registry;
let folder: string;

beforeAll(async () => {
  built = await mkdtemp(path.join(tmpdir(), 'latchkey-built-'));
  await run(process.execPath, [path.join(root, 'scripts/build-packages.mjs'), built]);
  registry = await serveRegistry(published.map((name) => path.join(built, name)));
});
afterAll(async () => {
  await registry?.close();
  await rm(built, { recursive: true, force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-managers-'));
  await mkdir(path.join(folder, 'home'));
  const { version } = JSON.parse(await readFile(path.join(built, 'cloud', 'package.json'), 'utf8'));
  const dependencies = Object.fromEntries(
    ['client', 'cloud', 'microsoft'].map((name) => [`@latchkey/${name}`, version]),
  );
  await writeFile(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'a-user', version: '1.0.0', private: true, type: 'module', dependencies }),
  );
  await writeFile(path.join(folder, '.npmrc'), `registry=${registry.url}\n`);
  await writeFile(path.join(folder, 'use.mjs'), program);
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program where nothing of this machine's own settings and caches reaches it. */
async function runHere(executable: string, ...words: string[]): Promise<string> {
  const home = path.join(folder, 'home');
  const environment = {
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`,
    HOME: home,
    XDG_CACHE_HOME: path.join(home, 'cache'),
    XDG_DATA_HOME: path.join(home, 'data'),
    CI: 'true',
  };
  try {
    const { stdout } = await run(executable, words, { cwd: folder, env: environment });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[executable, ...words].join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Runs the program that uses the packages. @returns what it printed, and what the registry was asked for in vain */
async function useThem(...options: string[]): Promise<object> {
  const printed = JSON.parse(await runHere(process.execPath, ...options, 'use.mjs')) as object;
  return { ...printed, missing: [...registry.missing] };
}

/** What the program prints where everything is there that it needs. */
const worked = {
  missing: [],
  userPrincipalName: 'sales@contoso.onmicrosoft.com',
  origin: 'https://contoso.crm4.dynamics.com',
  client: 'function',
};

describe('the published packages', () => {
  it('are installed by npm', async () => {
    await runHere('npm', 'install', '--no-audit', '--no-fund');
    expect(await useThem()).toEqual(worked);
  });

  // pnpm is a program for each system; those of Linux are installed for the tests.
  it.runIf(existsSync(pnpm))(
    'are installed by pnpm, which shows no package what it has not asked for',
    async () => {
      await runHere(pnpm, 'install', '--store-dir', path.join(folder, 'store'));
      expect(await useThem()).toEqual(worked);
    },
  );

  it('are installed by Yarn Classic', async () => {
    const yarn = path.join(installed, 'yarn/bin/yarn.js');
    await runHere(process.execPath, yarn, 'install', '--cache-folder', path.join(folder, 'cache'));
    expect(await useThem()).toEqual(worked);
  });

  it.each(['pnp', 'node-modules'])('are installed by Yarn, linked by %s', async (linker) => {
    const yarn = path.join(installed, '@yarnpkg/cli-dist/bin/yarn.js');
    const settings = {
      npmRegistryServer: registry.url,
      unsafeHttpWhitelist: ['127.0.0.1'],
      enableGlobalCache: false,
      enableTelemetry: false,
      nodeLinker: linker,
    };
    await writeFile(path.join(folder, '.yarnrc.yml'), JSON.stringify(settings));
    await runHere(process.execPath, yarn, 'install', '--no-immutable');
    expect(await useThem(yarn, 'node')).toEqual(worked);
  });
});
