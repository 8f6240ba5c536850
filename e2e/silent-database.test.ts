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

it('a hub ends within its patience when its database says nothing any more, and says so', async () => {
  const running = await serve();
  relay.hush();
  await relay.mend(silence.url);
  const { code, stderr, isInTime } = await end(running);
  expect([code, isInTime]).toEqual([1, true]);
  expect(stderr).toContain('"msg":"ended before everything was stored: the database does not answer"');
  expect(stderr).toContain('The hub ended before everything was stored: the database has not answered');
});

it('a hub ends in order when its connections fell silent and new ones answer', async () => {
  const running = await serve();
  relay.hush();
  const { code, isInTime } = await end(running);
  expect([code, isInTime]).toEqual([0, true]);
});

it('workers end the same way, and the command says so by its exit code', async () => {
  const running = await serve('--workers', '2');
  relay.hush();
  await relay.mend(silence.url);
  const { code, stderr, isInTime } = await end(running);
  expect([code, isInTime]).toEqual([1, true]);
  expect(stderr.match(/ended before everything was stored/g)).toHaveLength(2);
});
