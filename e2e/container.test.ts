import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from './support/free-ports.ts';
import { type ContainedCommand, canContain, runContained } from './support/run-contained.ts';

const root = path.join(import.meta.dirname, '..');
const nobody = 65_534;

/** The instructions of the Containerfile, one a line. */
let instructions: string[];
/** What the image itself sets for its first process. */
let environment: Record<string, string>;
let words: string[];

beforeAll(async () => {
  const text = await readFile(path.join(root, 'Containerfile'), 'utf8');
  instructions = text.split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const settings = argumentsOf('ENV').flatMap((line) => line.split(' '));
  environment = Object.fromEntries(settings.map((setting) => setting.split('=')));
  words = [...argumentsOf('ENTRYPOINT'), ...argumentsOf('CMD')].flatMap((line) => JSON.parse(line));
});

const argumentsOf = (name: string) =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

describe('the image', () => {
  it('stands on Node 24, and fetches nothing else but what npm knows', async () => {
    expect(argumentsOf('ARG')).toEqual([expect.stringMatching(/^NODE_IMAGE=docker\.io\/library\/node:24-/)]);
    for (const base of argumentsOf('FROM')) expect(base).toMatch(/^\$\{NODE_IMAGE\}/);
    expect(argumentsOf('ADD')).toEqual([]);
    expect(argumentsOf('RUN').join('\n')).not.toMatch(/apt|apk|curl|wget|npm (?:i|install)\b/);
  });

  it('copies what is there, and the tests run it by the same entry', () => {
    const copied = argumentsOf('COPY').filter((line) => line.startsWith('--from'));
    const sources = copied.flatMap((line) => line.split(' ').filter((word) => word.startsWith('/app/')));
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(existsSync(inCheckout(source))).toBe(true);
    expect(existsSync(inCheckout(words[1] ?? ''))).toBe(true);
  });

  it('is run by a user that Kubernetes can tell from root, with its data in a volume', () => {
    expect(argumentsOf('USER')).toEqual(['1000:1000']);
    expect(argumentsOf('VOLUME')).toEqual([environment.LATCHKEY_DATA]);
  });

  it('leaves what is secret or built out of its context', async () => {
    const ignored = (await readFile(path.join(root, '.dockerignore'), 'utf8')).trim().split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['**/.git', '**/node_modules', '**/data', '.env']));
  });
});

const inCheckout = (file: string) => file.replace(/^\/app(?=\/)/, root);

describe.runIf(canContain())('the first process, as nobody, with nothing to write to but its volume', () => {
  let folder: string;
  let volume: string;
  let port: number;
  let running: ContainedCommand | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'latchkey-container-'));
    // Its user has to get in.
    await chmod(folder, 0o755);
    volume = path.join(folder, 'data');
    await mkdir(volume);
    await chown(volume, nobody, nobody);
    await mkdir(path.join(folder, 'root'));
    port = await findFreePort();
  });
  afterEach(async () => {
    // Ends what is inside as well.
    running?.signal('SIGKILL');
    await running?.ended;
    await rm(folder, { recursive: true, force: true });
  });

  function run(): ContainedCommand {
    const [, entry = '', ...rest] = words;
    running = runContained([process.execPath, inCheckout(entry), ...rest], {
      root: path.join(folder, 'root'),
      volume,
      environment: { ...environment, LATCHKEY_DATA: volume, PORT: String(port) },
    });
    return running;
  }

  it('serves, ends in order at SIGTERM, and does so again', async () => {
    for (const _time of ['first', 'second']) {
      const hub = run();
      await hub.until('enter by');
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect(await ready.json()).toMatchObject({ status: 'ready' });
      expect(await readdir(volume)).toContain('hub.sqlite-wal');
      hub.signalFirst('SIGTERM');
      expect(await hub.ended).toMatchObject({ code: 0, stderr: '' });
      expect((await readdir(volume)).sort()).toEqual(['api-key', 'hub.sqlite', 'vault.key']);
    }
  });

  it('hears SIGTERM while it starts', async () => {
    const hub = run();
    await expect.poll(() => readdir(volume), { timeout: 30_000 }).toContain('hub.sqlite');
    hub.signalFirst('SIGTERM');
    expect(await hub.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

it('the manifest of docs/ keeps to the same', async () => {
  const manifest = await readFile(path.join(root, 'docs/kubernetes.yaml'), 'utf8');
  for (const line of ['runAsNonRoot: true', 'readOnlyRootFilesystem: true', 'drop: [ALL]', 'fsGroup: 1000']) {
    expect(manifest).toContain(line);
  }
  expect(manifest).toContain(`mountPath: ${environment.LATCHKEY_DATA}\n`);
});

it('the services of compose.yaml keep to the same', async () => {
  const compose = await readFile(path.join(root, 'compose.yaml'), 'utf8');
  for (const line of [
    'read_only: true',
    'no-new-privileges:true',
    'hub-data:/data',
    'dockerfile: Containerfile',
  ]) {
    expect(compose).toContain(line);
  }
  expect(compose).toMatch(/cap_drop:\s+- ALL/);
  expect(compose).toMatch(/depends_on:\s+postgres:\s+condition: service_healthy/);
  // No password that everybody knows.
  expect(compose.match(/\$\{POSTGRES_PASSWORD:\?/g)).toHaveLength(2);
});
