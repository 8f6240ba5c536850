import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBrowser, quietFlags } from './support/launch-browser.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..');
const installed = path.join(root, 'node_modules');
const packages = ['microsoft', 'cloud', 'api', 'client'];
/** What somebody who follows the guide to testing has installed beside our packages. */
const tools = [
  '@jest/globals',
  '@playwright/test',
  '@types/node',
  'jest',
  'jose',
  'playwright-core',
  'typescript',
  'vitest',
];

/** A folder outside the checkout, where nothing leads to our sources. */
let folder: string;
/** What our packages need, as their manifests say. */
const dependencies = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-packages-'));
  await run(process.execPath, [path.join(root, 'scripts/build-packages.mjs'), path.join(folder, 'built')]);
  for (const name of packages) await install(name);
  for (const name of new Set([...dependencies, ...tools])) await link(name);
  await cp(path.join(root, 'examples'), path.join(folder, 'examples'), { recursive: true });
  await writeFile(
    path.join(folder, 'package.json'),
    '{ "name": "a-user", "private": true, "type": "module" }',
  );
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** By way of the very file that a registry would hand out. */
async function install(name: string): Promise<void> {
  const target = path.join(folder, 'node_modules', '@latchkey', name);
  await mkdir(target, { recursive: true });
  await npm('pack', path.join(folder, 'built', name), '--pack-destination', folder);
  const [archive = ''] = (await readdir(folder)).filter((file) => file.startsWith(`latchkey-${name}-`));
  await run('tar', ['-xzf', path.join(folder, archive), '-C', target, '--strip-components=1']);
  const manifest = JSON.parse(await readFile(path.join(target, 'package.json'), 'utf8'));
  expect(manifest).not.toHaveProperty('private');
  for (const dependency of Object.keys(manifest.dependencies ?? {})) {
    if (!dependency.startsWith('@latchkey/')) dependencies.add(dependency);
  }
}

async function link(name: string): Promise<void> {
  const place = path.join(folder, 'node_modules', name);
  await mkdir(path.dirname(place), { recursive: true });
  await symlink(path.join(installed, name), place);
}

function npm(...words: string[]) {
  // Under `npm test`, npm says where it is itself.
  const self = process.env.npm_execpath;
  const [program, first] = self?.endsWith('.js') ? [process.execPath, [self]] : ['npm', []];
  return run(program, [...first, ...words, '--offline'], { cwd: folder });
}

/** Runs a tool as its users do; what it printed is in the error when it fails. */
async function runTool(words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const [program = '', ...rest] = words;
  const file = path.join(folder, 'node_modules', program);
  // What Vitest sets for its own processes would reach those of the examples.
  const {
    VITEST: _vitest,
    VITEST_POOL_ID: _pool,
    VITEST_WORKER_ID: _worker,
    NODE_ENV: _env,
    ...own
  } = process.env;
  try {
    const { stdout, stderr } = await run(process.execPath, [file, ...rest], {
      cwd: folder,
      env: { ...own, ...env },
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${words.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

it('runs the example of Vitest', async () => {
  const output = await runTool(['vitest/vitest.mjs', 'run', '--root', folder, 'examples/vitest'], {
    NO_COLOR: '1',
  });
  expect(output).toContain('4 passed');
});

it('runs the example of node:test', async () => {
  const { stdout } = await run(process.execPath, ['--test', 'examples/node-test/*.test.mjs'], {
    cwd: folder,
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  expect(stdout).toContain('pass 2');
});

it('runs the example of Jest, and lets it require', async () => {
  const common = "const { startLocalCloud } = require('@latchkey/cloud');";
  await writeFile(
    path.join(folder, 'examples/jest/require.test.cjs'),
    `${common}
test('starts, and says what is wrong', async () => {
  const cloud = await startLocalCloud();
  const entra = Number(new URL(cloud.entra.http).port);
  const failure = await startLocalCloud({ ports: { entra } }).catch((error) => error);
  await cloud.close();
  expect(failure.code).toBe('port_taken');
});
`,
  );
  const output = await runTool(
    ['jest/bin/jest.js', '--rootDir', 'examples/jest', '--testMatch', '**/*.test.{mjs,cjs}'],
    { NODE_OPTIONS: '--experimental-vm-modules' },
  );
  expect(output).toContain('3 passed');
});

it('runs the example of Playwright', async () => {
  const use = { launchOptions: { executablePath: await findBrowser(), args: quietFlags } };
  await writeFile(
    path.join(folder, 'playwright.config.mjs'),
    `export default ${JSON.stringify({ testDir: 'examples/playwright', reporter: 'list', use })};\n`,
  );
  const output = await runTool(['@playwright/test/cli.js', 'test']);
  expect(output).toContain('1 passed');
});

it('brings the permissions of Microsoft’s services', async () => {
  await writeFile(
    path.join(folder, 'permissions.mjs'),
    `import { startLocalCloud } from '@latchkey/cloud';
const cloud = await startLocalCloud();
const user = cloud.users.administrator;
const token = await cloud.issueToken({ user, resource: cloud.graph.http, scopes: ['Mail.Send'] });
process.stdout.write(JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).scp);
await cloud.close();
`,
  );
  const { stdout } = await run(process.execPath, ['permissions.mjs'], { cwd: folder });
  expect(stdout).toBe('Mail.Send');
});

it('brings types that need no settings of ours', async () => {
  const settings = {
    compilerOptions: {
      target: 'es2024',
      lib: ['es2024', 'dom', 'esnext.disposable'],
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noEmit: true,
      allowJs: true,
    },
    include: ['examples/vitest', 'examples/playwright', 'use-client.ts'],
  };
  await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(
    path.join(folder, 'use-client.ts'),
    `import { createHubClient, type HubClient } from '@latchkey/client';
import { parseEnvironmentAddress } from '@latchkey/microsoft';
export const client: HubClient = createHubClient({ baseUrl: 'http://localhost:4480' });
export const address = parseEnvironmentAddress;
`,
  );
  await expect(runTool(['typescript/bin/tsc', '-p', folder])).resolves.toBe('');
});
