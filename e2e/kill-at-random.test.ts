import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHubClient, type HubClient } from '@latchkey/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findBasePort } from './support/free-ports.ts';
import type { RunningCommand } from './support/run-command.ts';
import { runLatchkey } from './support/run-latchkey.ts';

const rounds = 5;
const fewestAcknowledgements = 4;
const mostAcknowledgements = 40;
const serving = 'Ctrl-C ends.';
const someClientId = '11111111-2222-4333-8444-555555555555';
const largestPage = 200;
/** Where the local CRM listens, counted from the hub's port. */
const crmOffset = 3;

/** What the hub has said yes to. */
interface Acknowledged {
  keys: string[];
  connections: string[];
  /** Names that the first connection was given, oldest first. */
  names: string[];
}

let data: string;
let port: number;
let command: RunningCommand | null = null;

beforeAll(async () => {
  data = await mkdtemp(path.join(tmpdir(), 'latchkey-kill-'));
  port = await findBasePort();
});
afterAll(async () => {
  command?.signal('SIGKILL');
  await command?.ended;
  await rm(data, { recursive: true, force: true });
});

async function start(): Promise<HubClient> {
  command = runLatchkey(['start', '--data', data, '--port', String(port)]);
  await command.until(serving);
  const apiKey = (await readFile(path.join(data, 'api-key'), 'utf8')).trim();
  return createHubClient({ baseUrl: `http://localhost:${port}`, apiKey });
}

/** Several callers at work until the hub is gone; whatever it acknowledges is written down at once. */
async function workUntilKilled(
  hub: HubClient,
  firstId: string,
  acknowledged: Acknowledged,
  kill: () => void,
) {
  const environmentUrl = `http://localhost:${port + crmOffset}`;
  let left =
    fewestAcknowledgements + Math.floor(Math.random() * (mostAcknowledgements - fewestAcknowledgements));
  const work: (() => Promise<() => void>)[] = [
    async () => {
      const { key } = await hub.apiKeys.create({ name: 'round' });
      return () => acknowledged.keys.push(key);
    },
    async () => {
      const body = { method: 'sign_in', environmentUrl, clientId: someClientId } as const;
      const { id } = await hub.connections.create(body);
      return () => acknowledged.connections.push(id);
    },
    async () => {
      const { name } = await hub.connections.update(firstId, { name: `Name ${acknowledged.names.length}` });
      return () => acknowledged.names.push(name);
    },
    async () => {
      await hub.connections.refresh(firstId);
      return () => {};
    },
    async () => {
      await hub.connections.token(firstId);
      return () => {};
    },
  ];
  const callers = work.map(async (call) => {
    for (;;) {
      (await call())();
      left -= 1;
      if (left === 0) kill();
    }
  });
  await Promise.allSettled(callers);
}

it(`has every acknowledged thing after ${rounds} kills at moments that nobody chose`, async () => {
  const acknowledged: Acknowledged = { keys: [], connections: [], names: [] };
  let firstId = '';
  for (let round = 0; round <= rounds; round += 1) {
    const hub = await start();
    const { items, nextCursor } = await hub.connections.list({ limit: largestPage });
    expect(nextCursor).toBeNull();
    if (round === 0) {
      firstId = items[0]?.id ?? '';
      acknowledged.names.push(items[0]?.name ?? '');
    }
    const ids = items.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([firstId, ...acknowledged.connections]));
    for (const apiKey of acknowledged.keys) {
      const session = await createHubClient({ baseUrl: `http://localhost:${port}`, apiKey }).session.get();
      expect(session).toMatchObject({ authenticated: true, kind: 'api_key' });
    }
    const { name } = await hub.connections.get(firstId);
    // The one after the last may have been stored without anybody hearing of it.
    expect([acknowledged.names.at(-1), `Name ${acknowledged.names.length}`]).toContain(name);
    expect(await hub.connections.test(firstId)).toMatchObject({
      outcome: 'passed',
      status: { state: 'ready' },
    });
    if (round === rounds) break;
    await workUntilKilled(hub, firstId, acknowledged, () => command?.signal('SIGKILL'));
    expect(await command?.ended).toMatchObject({ code: null });
  }
  expect(acknowledged.connections.length + acknowledged.keys.length).toBeGreaterThan(rounds);
});
