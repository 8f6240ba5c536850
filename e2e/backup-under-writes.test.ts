import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHubClient } from '@latchkey/client';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { connectPerson } from './support/connect-person.ts';
import { runLatchkey } from './support/run-latchkey.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const writers = 4;
const writesBefore = 40;
const writesMeanwhile = 20;
const someClientId = '11111111-2222-4333-8444-555555555555';
const largestPage = 200;

let tapped: TappedCloud;
let folder: string;

beforeAll(async () => {
  tapped = await startTappedCloud();
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-backup-'));
});
afterAll(async () => {
  await tapped?.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the hub has said yes to: keys that work, connections that are there. */
interface Acknowledged {
  keys: string[];
  connections: string[];
}

/** Writes again and again until it is told to stop; what is acknowledged is written down at once. */
async function write(hub: HubProcess, acknowledged: Acknowledged, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const { key } = await hub.client.apiKeys.create({ name: 'written' });
    acknowledged.keys.push(key);
    const environmentUrl = tapped.cloud.crm.http;
    const { id } = await hub.client.connections.create({
      method: 'sign_in',
      environmentUrl,
      clientId: someClientId,
    });
    acknowledged.connections.push(id);
  }
}

async function run(words: string[], environment: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await runLatchkey(words, { environment }).ended;
  if (code !== 0) throw new Error(`latchkey ${words.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

async function listConnections({ client }: HubProcess): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.connections.list({ limit: largestPage, ...(cursor && { cursor }) });
    ids.push(...page.items.map(({ id }) => id));
    if (page.nextCursor === null) return ids;
    cursor = page.nextCursor;
  }
}

it.each(['sqlite', 'postgres'] as const)(
  'a backup of %s taken under writes has, restored into the other engine, everything that was acknowledged before',
  async (engine) => {
    const postgres = await startPostgres();
    onTestFinished(() => postgres.stop());
    const environment: Record<string, string> = engine === 'postgres' ? { DATABASE_URL: postgres.url } : {};
    const dataFolder = path.join(folder, engine);
    const hub = await startHubProcess({ dataFolder, port: 0, cloud: tapped.config }, environment);
    onTestFinished(() => hub.stop());
    const { connection } = await connectPerson({ client: hub.client, cloud: tapped.cloud });

    const acknowledged: Acknowledged = { keys: [], connections: [] };
    let isOver = false;
    const writing = Promise.all(
      Array.from({ length: writers }, () => write(hub, acknowledged, () => !isOver)),
    );
    await expect
      .poll(() => acknowledged.connections.length, { timeout: 60_000 })
      .toBeGreaterThan(writesBefore);
    const before = { keys: [...acknowledged.keys], connections: [...acknowledged.connections] };
    const file = path.join(folder, `${engine}.backup`);
    await run(['backup', file, '--with-keys', '--data', dataFolder], environment);
    const writtenMeanwhile = acknowledged.connections.length - before.connections.length;
    await expect
      .poll(() => acknowledged.connections.length - before.connections.length)
      .toBeGreaterThan(writesMeanwhile);
    isOver = true;
    await writing;
    expect(writtenMeanwhile).toBeGreaterThan(0);
    expect(await run(['backup', '--check', file, '--data', dataFolder], environment)).toContain(', 0 do not');
    await hub.stop();

    const elsewhere: Record<string, string> = engine === 'postgres' ? {} : { DATABASE_URL: postgres.url };
    const otherFolder = path.join(folder, `${engine}-restored`);
    await run(['restore', file, '--data', otherFolder], elsewhere);
    const restored = await startHubProcess(
      { dataFolder: otherFolder, port: 0, cloud: tapped.config },
      elsewhere,
    );
    onTestFinished(() => restored.stop());
    const there = await listConnections(restored);
    expect(before.connections.filter((id) => !there.includes(id))).toEqual([]);
    for (const apiKey of before.keys) {
      const client = createHubClient({ baseUrl: restored.url, apiKey });
      expect((await client.settings.get()).publicUrl).toBe(restored.url);
    }
    expect(await restored.client.connections.test(connection.id)).toMatchObject({ outcome: 'passed' });
    await restored.stop();
  },
);
