import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRelay, type TestRelay } from '../packages/hub/src/testing/open-relay.ts';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import type { RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

/** As `docs/running.md` says when somebody may kill it. */
const endsWithinMilliseconds = 15_000;

let folder: string;
let postgres: TestPostgres;
let relay: TestRelay;
let silence: Silence;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-silent-'));
  [postgres, silence] = await Promise.all([startPostgres(), openSilence()]);
  relay = await openRelay(postgres.url);
});
afterEach(async () => {
  await relay.close();
  silence.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Silence {
  url: string;
  close(): void;
}

/** A server that takes connections and says nothing, as behind a firewall that drops packets. */
async function openSilence(): Promise<Silence> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `postgres://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function serve(...words: string[]): Promise<RunningCommand> {
  const running = runLatchkey(['serve', '--data', folder, '--port', '0', ...words], {
    environment: { DATABASE_URL: relay.url },
  });
  await running.until('enter by');
  return running;
}

async function end(running: RunningCommand) {
  const beganAt = performance.now();
  running.signal('SIGTERM');
  const { code, stderr } = await running.ended;
  return { code, stderr, isInTime: performance.now() - beganAt < endsWithinMilliseconds };
}

it.each([
  ['a hub', []],
  ['a hub with workers', ['--workers', '2']],
])(
  '%s ends within its patience when its database says nothing any more, and says what was left',
  async (_who, words) => {
    const running = await serve(...words);
    relay.hush();
    await relay.mend(silence.url);
    const { code, stderr, isInTime } = await end(running);
    expect(isInTime).toBe(true);
    // What is under way at that moment decides whether anything was left but the row of a process.
    const isUnfinished = stderr.includes('ended before everything was stored: the database does not answer');
    expect(code).toBe(isUnfinished ? 1 : 0);
    expect(stderr).toMatch(
      /Query read timeout|timeout exceeded when trying to connect|ended before everything was stored/,
    );
  },
);

it('a hub ends in order when its connections fell silent and new ones answer', async () => {
  const running = await serve();
  relay.hush();
  const { code, isInTime } = await end(running);
  expect([code, isInTime]).toEqual([0, true]);
});
