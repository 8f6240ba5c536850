import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createHubClient, HubProblemError } from '@latchkey/client';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from './support/free-ports.ts';
import { runCommand } from './support/run-command.ts';
import { latchkeyProgram } from './support/run-latchkey.ts';

/** Blocks of 512 bytes: no file of the process grows beyond three megabytes, as if the disk had no more room. */
const room = 6_144;
const writesThatFill = 3_000;

/** The signal that comes with the limit ends a process that does not ignore it; a full disk sends none. */
const sceneOf = (blocks: number) => `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-full-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('a disk without room for the tables ends the start with what to do', async () => {
  const words = [
    process.execPath,
    latchkeyProgram,
    'serve',
    '--data',
    path.join(folder, 'none'),
    '--port',
    '0',
  ];
  const { code, stderr } = await runCommand('sh', ['-c', sceneOf(1_024), 'sh', ...words]).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The disk has no room, or fails: .*\n {2}Make room on the disk/m);
});

it('a disk without room makes the hub not ready, and refuses writes as what passes', async () => {
  const port = await findFreePort();
  const words = [process.execPath, latchkeyProgram, 'serve', '--data', folder, '--port', String(port)];
  const hub = runCommand('sh', ['-c', sceneOf(room), 'sh', ...words]);
  onTestFinished(async () => {
    hub.signal('SIGKILL');
    await hub.ended;
  });
  await hub.until('enter by');
  const apiKey = (await readFile(path.join(folder, 'api-key'), 'utf8')).trim();
  const baseUrl = `http://localhost:${port}`;
  const client = createHubClient({ baseUrl, apiKey });
  const ready = async () => (await fetch(`${baseUrl}/readyz`)).status;
  expect(await ready()).toBe(200);
  let refusal: unknown;
  for (let count = 0; count < writesThatFill && refusal === undefined; count += 1) {
    refusal = await client.apiKeys.create({ name: 'x'.repeat(90) }).then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  expect(refusal).toBeInstanceOf(HubProblemError);
  expect(refusal).toMatchObject({ problem: { code: 'store_unavailable', status: 503 } });
  // What is asked once a second may find room for a page or two where others found none.
  await expect.poll(ready, { timeout: 20_000, interval: 1_000 }).toBe(503);
  // It lives, and reads.
  expect((await fetch(`${baseUrl}/healthz`)).status).toBe(200);
  expect((await client.connections.list()).items).toEqual([]);
});
