import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { connectPerson } from './support/connect-person.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const keyBytes = 32;
const callersOfEach = 20;
const rounds = 5;
const hour = 60 * 60_000;
/** So long may a process serve a token without a look at the database. */
const trustedMilliseconds = 1000;
const keys = `shared:${randomBytes(keyBytes).toString('base64')}`;

let postgres: TestPostgres;
let tapped: TappedCloud;
let folder: string;
let hubs: [HubProcess, HubProcess];
let connectionId: string;
/** How far the clocks of cloud and hubs have been moved. */
let advanced = 0;

beforeAll(async () => {
  [postgres, tapped] = await Promise.all([startPostgres(), startTappedCloud()]);
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-processes-'));
  // Both at once, on an empty database: one makes the tables, the other finds them.
  hubs = await Promise.all([startHub('one'), startHub('two')]);
  connectionId = (await connectPerson({ client: hubs[0].client, cloud: tapped.cloud })).connection.id;
});
afterAll(async () => {
  for (const hub of hubs ?? []) await hub.stop();
  await tapped?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

function startHub(name: string): Promise<HubProcess> {
  return startHubProcess(
    { dataFolder: path.join(folder, name), port: 0, cloud: tapped.config },
    { DATABASE_URL: postgres.url, LATCHKEY_KEYS: keys },
  );
}

async function advanceAll(milliseconds: number): Promise<void> {
  advanced += milliseconds;
  tapped.clock.advance(milliseconds);
  for (const hub of hubs) await hub.advance(milliseconds);
}

/** A hub that has answered this has read from the database what the calls before it are about. */
async function settle(): Promise<void> {
  for (const { client } of hubs) await client.connections.get(connectionId);
}

/** Keeps Microsoft from answering until everybody has asked. */
function holdTokenAnswers(): () => void {
  const everybodyAsked = Promise.withResolvers<void>();
  tapped.entra.rule = async (_request, ask) => {
    await everybodyAsked.promise;
    return ask();
  };
  return () => {
    everybodyAsked.resolve();
    tapped.entra.rule = null;
  };
}

it('sends one token request for an ended token, however many ask at two processes (lesson 1)', async () => {
  for (let round = 1; round <= rounds; round += 1) {
    await advanceAll(2 * hour);
    const before = tapped.entra.tokenRequests().length;
    const release = holdTokenAnswers();
    const asked = hubs.flatMap(({ client }) =>
      Array.from({ length: callersOfEach }, () => client.connections.token(connectionId)),
    );
    await settle();
    release();
    const tokens = await Promise.all(asked);
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(tapped.entra.tokenRequests()).toHaveLength(before + 1);
  }
});

it('has the same new token at both processes after both were told to refresh', async () => {
  const [one, two] = hubs;
  const old = await one.client.connections.token(connectionId);
  await advanceAll(trustedMilliseconds);
  await Promise.all(hubs.map(({ client }) => client.connections.refresh(connectionId)));
  await advanceAll(trustedMilliseconds);
  const first = await one.client.connections.token(connectionId);
  const second = await two.client.connections.token(connectionId);
  expect(first.accessToken).toBe(second.accessToken);
  expect(first.accessToken).not.toBe(old.accessToken);
});

it('lets one process know a second later what was changed at another', async () => {
  const [one, two] = hubs;
  await two.client.connections.token(connectionId);
  await one.client.connections.update(connectionId, { disabled: true });
  await two.advance(trustedMilliseconds);
  const refused = two.client.connections.token(connectionId);
  await expect(refused).rejects.toMatchObject({ problem: { code: 'connection_disabled' } });
  await one.client.connections.update(connectionId, { disabled: false });
  expect(await two.client.connections.token(connectionId)).toMatchObject({ tokenType: 'Bearer' });
});

it('keeps a connection of one process when that process is gone', async () => {
  const gone = await startHub('gone');
  await gone.advance(advanced);
  const { connection } = await connectPerson({ client: gone.client, cloud: tapped.cloud });
  await gone.kill();
  await advanceAll(2 * hour);
  expect(await hubs[1].client.connections.test(connection.id)).toMatchObject({
    outcome: 'passed',
    status: { state: 'ready' },
  });
});
