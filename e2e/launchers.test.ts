import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBasePort } from './support/free-ports.ts';
import { type RunningCommand, runCommand } from './support/run-command.ts';
import { latchkeyProgram } from './support/run-latchkey.ts';

const root = path.join(import.meta.dirname, '..');
/** `serve` and `start` print it when they serve. */
const serving = 'enter by';
const promptly = 10_000;
const terminated = 143;

let folder: string;
let data: string;
let environment: Record<string, string>;
let running: RunningCommand | undefined;

beforeAll(() => {
  // What a launcher would do the first time, and tell.
  execFileSync(process.execPath, [path.join(root, 'scripts/build-web.mjs')], { stdio: 'ignore' });
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-launchers-'));
  data = path.join(folder, 'data');
  environment = { LATCHKEY_DATA: data, PORT: String(await findBasePort()) };
  running = undefined;
});
afterEach(async () => {
  running?.killGroup();
  await running?.ended;
  await rm(folder, { recursive: true, force: true });
});

async function serve(line: string): Promise<RunningCommand> {
  const command = run(line);
  await command.until(serving);
  expect(await readdir(data)).toContain('hub.sqlite-wal');
  return command;
}

function run(line: string): RunningCommand {
  const [executable = '', ...words] = line.split(' ');
  running = runCommand(executable, words, { folder: root, environment, ownGroup: true });
  return running;
}

/** SQLite takes its log away when the database is closed in order; a killed process leaves it. */
async function expectOrderlyEnd(command: RunningCommand, signal: NodeJS.Signals): Promise<number | null> {
  const startedAt = performance.now();
  command.signal(signal);
  // Its streams end when the last process that writes to them has ended.
  const { code, signal: endedBy, stderr } = await command.ended;
  expect(stderr).toBe('');
  expect(performance.now() - startedAt).toBeLessThan(promptly);
  expect(await readdir(data)).not.toContain('hub.sqlite-wal');
  return endedBy === 'SIGTERM' ? terminated : code;
}

describe('SIGTERM to the outermost process', () => {
  it.each([
    'node packages/cli/bin/latchkey.mjs serve',
    `${process.execPath} packages/cli/bin/latchkey.mjs serve`,
    'node scripts/launch.mjs latchkey serve',
    'node scripts/launch.mjs start',
  ])('ends %s in order with 0', async (line) => {
    expect(await expectOrderlyEnd(await serve(line), 'SIGTERM')).toBe(0);
  });

  it.each(['npm start', 'npm run latchkey -- serve', 'npx latchkey serve'])(
    'ends %s in order, whatever npm tells',
    async (line) => {
      // npm passes it on to the shell that runs the script; where that ends by it, as dash does, npm tells it.
      expect([0, terminated]).toContain(await expectOrderlyEnd(await serve(line), 'SIGTERM'));
    },
  );
});

describe('SIGINT to the outermost process alone', () => {
  it.each(['node packages/cli/bin/latchkey.mjs serve', 'node scripts/launch.mjs start'])(
    'ends %s in order with 0',
    async (line) => {
      expect(await expectOrderlyEnd(await serve(line), 'SIGINT')).toBe(0);
    },
  );
});

describe('a launcher that can’t', () => {
  async function refusalOf(line: string): Promise<string> {
    const { code, stdout, stderr } = await run(line).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr;
  }

  it('says which commands there are', async () => {
    expect(await refusalOf('node scripts/launch.mjs begin')).toMatch(/no command "begin".*start, latchkey/);
  });

  it('says what to install where a package is missing', async () => {
    const elsewhere = path.join(folder, 'checkout');
    execFileSync('mkdir', ['-p', path.join(elsewhere, 'packages')]);
    execFileSync('cp', [
      '-r',
      path.dirname(path.dirname(latchkeyProgram)),
      path.join(elsewhere, 'packages/cli'),
    ]);
    const program = path.join(elsewhere, 'packages/cli/bin/latchkey.mjs');
    const refusal = await refusalOf(`${process.execPath} ${program} serve`);
    expect(refusal).toContain('commander');
    expect(refusal).toContain(`npm ci\` in ${elsewhere}`);
  });

  it('says on which address it can’t listen', async () => {
    const refusal = await refusalOf('node scripts/launch.mjs latchkey serve --host 203.0.113.9');
    expect(refusal).toMatch(/203\.0\.113\.9:\d+ \(EADDRNOTAVAIL\).*\n.*--host/s);
  });
});

it('tells that a child was killed', async () => {
  const command = await serve('node scripts/launch.mjs latchkey serve');
  const [child = ''] = execFileSync('ps', ['-o', 'pid=', '--ppid', String(command.pid)], { encoding: 'utf8' })
    .trim()
    .split(/\s+/);
  process.kill(Number(child), 'SIGKILL');
  const { code, stderr } = await command.ended;
  expect({ code, stderr }).toEqual({ code: 137, stderr: expect.stringMatching(/ended by SIGKILL.*memory/) });
});
