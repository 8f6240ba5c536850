import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { type Connection, createHubClient, type HubClient } from '@latchkey/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBasePort } from './support/free-ports.ts';
import type { CommandOptions, RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

/** The last thing that a start prints. */
const serving = 'Ctrl-C ends.';
const stepNumbers = ['1.', '2.', '3.–4.', '5.', '6.–8.', '9.', '10.', '11.–12.', '13.–16.'];
const rightsOfOthers = 0o077;
const promptly = 5000;
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const keyBytes = 32;

/** A data folder as a finished first start leaves it. */
let prepared: string;
let folder: string;
let data: string;
let port: number;
let running: RunningCommand[];

beforeAll(async () => {
  prepared = await mkdtemp(path.join(tmpdir(), 'latchkey-prepared-'));
  const command = runLatchkey(['start', '--data', prepared, '--port', String(await findBasePort())]);
  await command.until(serving);
  await stop(command, 'SIGTERM');
});
afterAll(() => rm(prepared, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-start-'));
  // Some of the tests run the command as another user, who has to get in.
  await chmod(folder, 0o755);
  data = path.join(folder, 'data');
  port = await findBasePort();
  running = [];
});
afterEach(async () => {
  for (const command of running) command.signal('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await rm(folder, { recursive: true, force: true });
});

function start(words: string[] = [], options: CommandOptions = {}): RunningCommand {
  const command = runLatchkey(['start', '--data', data, '--port', String(port), ...words], options);
  running.push(command);
  return command;
}

/** Ends it by Ctrl-C or a plain kill, which has to be prompt and clean. */
async function stop(command: RunningCommand, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  const startedAt = performance.now();
  command.signal(signal);
  expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
  expect(performance.now() - startedAt).toBeLessThan(promptly);
}

async function openHub(): Promise<HubClient> {
  const apiKey = (await readFile(path.join(data, 'api-key'), 'utf8')).trim();
  return createHubClient({ baseUrl: `http://localhost:${port}`, apiKey });
}

describe('latchkey start', () => {
  it('makes the first connection, tells each step, and goes on serving', async () => {
    const command = start();
    const printed = await command.until(serving);
    const steps = printed.split('\n').filter((line) => line.startsWith('✓'));
    for (const number of stepNumbers) {
      expect(steps.find((line) => line.includes(` ${number} `))).toMatch(/\d ms {2}\S/);
    }
    expect(steps).toHaveLength(stepNumbers.length + 2);
    expect(printed).toMatch(new RegExp(`enter by +http://localhost:${port}/enter#code=\\S+`));
    for (const offset of [1, 2, 3]) expect(printed).toContain(`http://localhost:${port + offset} `);
    for (const offset of [11, 12, 13]) expect(printed).toContain(`https://localhost:${port + offset}`);

    const [, keyFile = '', address = ''] =
      /curl -H "Authorization: Bearer \$\(cat (\S+)\)" '(\S+)'/.exec(printed) ?? [];
    const key = (await readFile(keyFile, 'utf8')).trim();
    expect(printed).not.toContain(key);
    expect(printed).not.toMatch(/eyJ[\w-]+\.eyJ/);
    const accounts = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
    expect(await accounts.json()).toMatchObject({ value: [{ name: expect.any(String) }, {}, {}] });
    for (const name of ['api-key', 'vault.key', 'hub.sqlite']) {
      expect((await stat(path.join(data, name))).mode & rightsOfOthers).toBe(0);
    }
    await stop(command, 'SIGINT');
  });

  it('finds everything as it was the second time', async () => {
    const first = start();
    await first.until(serving);
    const before = await (await openHub()).connections.list();
    await stop(first, 'SIGINT');

    const second = start();
    const printed = await second.until(serving);
    expect(printed).not.toContain('✓');
    const hub = await openHub();
    const after = await hub.connections.list();
    // Only the proof is newer: a start says of a connection what it has just tried.
    expect(after.items.map(withoutProof)).toEqual(before.items.map(withoutProof));
    expect(after.items).toMatchObject([{ status: { state: 'ready' } }]);
    expect(after.items[0]?.status.lastProvenAt).not.toBe(before.items[0]?.status.lastProvenAt);
    expect(printed).toContain(`/connections/${after.items[0]?.id}/proxy/`);
    expect(await hub.connections.test(after.items[0]?.id ?? '')).toMatchObject({ outcome: 'passed' });
    await stop(second, 'SIGTERM');
  });

  it('with --once makes the connection on a throw-away folder and ends with 0', async () => {
    const temporary = path.join(folder, 'tmp');
    await mkdir(temporary);
    const command = runLatchkey(['start', '--once', '--json'], { environment: { TMPDIR: temporary } });
    running.push(command);
    const { code, stdout, stderr } = await command.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(stdout) as { outcome: string; steps: { fact: string }[] };
    expect(told.outcome).toBe('proven');
    expect(told.steps.every(({ fact }) => fact !== '')).toBe(true);
    expect(await readdir(temporary)).toEqual([]);
  });
});

function withoutProof({ status, ...connection }: Connection) {
  const { lastProvenAt: _proven, nextProofAt: _next, reason: _reason, ...rest } = status;
  return { ...connection, status: rest };
}

/** @returns what the command said as it ended with 1: one thing that went wrong and the way out, no stack trace */
async function refusalOf(command: RunningCommand): Promise<string> {
  const { code, stderr } = await command.ended;
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.not.stringMatching(/^\s+at /m) });
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  return stderr;
}

describe('latchkey start that can’t', () => {
  it('says which port is taken, of the hub or of the local cloud', async () => {
    const server = createServer();
    for (const taken of [port, port + 1]) {
      await once(server.listen(taken, '127.0.0.1'), 'listening');
      expect(await refusalOf(start())).toMatch(new RegExp(`${taken}.* is taken.*another port`, 'is'));
      server.close();
      await once(server, 'close');
    }
  });

  it('says that a file lies where the data folder should be', async () => {
    await writeFile(data, 'not a folder');
    expect(await refusalOf(start())).toMatch(/can[’']t (be written to|write).*another/s);
  });

  it('says that the data folder is not writable', async () => {
    await mkdir(data);
    await chmod(data, 0o555);
    const command = start([], isRoot ? { uid: nobody } : {});
    expect(await refusalOf(command)).toMatch(/can[’']t (be written to|write).*writable/s);
  });

  it.each(['hub.sqlite', 'cloud/cloud.db'])(
    'says that a database is damaged, and starts once it is moved away: %s',
    async (file) => {
      await cp(prepared, data, { recursive: true });
      await writeFile(path.join(data, file), 'garbage '.repeat(1000));
      const refusal = await refusalOf(start());
      expect(refusal).toMatch(/damaged.*move it away/s);
      expect(refusal).toContain(path.join(data, file));
      await rm(path.join(data, file));
      const command = start();
      await command.until(serving);
      expect((await (await openHub()).connections.list()).items).toHaveLength(1);
      await stop(command, 'SIGINT');
    },
  );

  it('says that the key is another one, or gone, and starts once it is back', async () => {
    await cp(prepared, data, { recursive: true });
    const keyFile = path.join(data, 'vault.key');
    const key = await readFile(keyFile, 'utf8');
    await writeFile(keyFile, `${key.split(':')[0]}:${Buffer.alloc(keyBytes, 7).toString('base64')}\n`);
    expect(await refusalOf(start())).toMatch(/another one than the database was sealed with.*backup/s);
    await rm(keyFile);
    expect(await refusalOf(start())).toMatch(/sealed with a key that is not here.*backup/s);
    await writeFile(keyFile, key, { mode: 0o600 });
    const command = start();
    await command.until(serving);
    await stop(command, 'SIGINT');
  });

  it('with --once ends with 1 and the reason', async () => {
    const nowhere = path.join(folder, 'nowhere');
    const command = runLatchkey(['start', '--once'], { environment: { TMPDIR: nowhere } });
    running.push(command);
    expect(await refusalOf(command)).toMatch(/nowhere.*TMPDIR/s);
  });
});
