import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HubProblemError } from '@latchkey/client';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { connectPerson } from './support/connect-person.ts';
import { runLatchkey } from './support/run-latchkey.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const rotations = 2;
/** A killed hub's claim on the work ends after half a minute. */
const withinMilliseconds = 300_000;
const people = 2;
/** Besides those that are used, so that the work takes a while. */
const fillers = 60;
const someClientId = '11111111-2222-4333-8444-555555555555';

let postgres: TestPostgres;
let tapped: TappedCloud;
let folder: string;

beforeAll(async () => {
  [postgres, tapped] = await Promise.all([startPostgres(), startTappedCloud()]);
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-rotation-'));
});
afterAll(async () => {
  await tapped?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Refreshes and reads again and again; what the hub itself refuses is written down, what a killed one cuts off is not. */
async function work(
  hub: () => HubProcess,
  ids: readonly string[],
  refusals: string[],
  goesOn: () => boolean,
): Promise<number> {
  let done = 0;
  for (let index = 0; goesOn(); index += 1) {
    const id = ids[index % ids.length] ?? '';
    try {
      await hub().client.connections.refresh(id);
      await hub().client.connections.token(id);
      done += 1;
    } catch (error) {
      if (error instanceof HubProblemError) refusals.push(error.problem.code);
    }
  }
  return done;
}

function progressOf(listed: string): string {
  if (listed.includes(', under way')) return 'under way';
  return listed.includes(', done') ? 'done' : listed;
}

it.each(['sqlite', 'postgres'] as const)(
  'keys on %s are rotated under load and kills: nothing is unreadable at any moment, and the old keys go',
  async (engine) => {
    const environment: Record<string, string> = engine === 'postgres' ? { DATABASE_URL: postgres.url } : {};
    const dataFolder = path.join(folder, engine);
    const settings = { dataFolder, port: 0, cloud: tapped.config };
    const start = () => startHubProcess(settings, { ...environment, LATCHKEY_KEEPER: 'on' });
    const keys = async (...words: string[]) => {
      const { code, stdout, stderr } = await runLatchkey(['keys', ...words, '--data', dataFolder], {
        environment,
      }).ended;
      return { code, text: `${stdout}${stderr}` };
    };
    const keyIds = async () =>
      (await readFile(path.join(dataFolder, 'vault.key'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => line.split(':')[0] ?? '');

    let hubs: [HubProcess, HubProcess] = [await start(), await start()];
    onTestFinished(async () => {
      for (const hub of hubs) await hub.stop();
    });
    const ids: string[] = [];
    for (let count = 0; count < people; count += 1) {
      ids.push((await connectPerson({ client: hubs[0].client, cloud: tapped.cloud })).connection.id);
    }
    for (let count = 0; count < fillers; count += 1) {
      await hubs[0].client.connections.create({
        method: 'sign_in',
        environmentUrl: tapped.cloud.crm.http,
        clientId: someClientId,
        clientSecret: `secret ${count}`,
      });
    }

    const refusals: string[] = [];
    let isOver = false;
    const working = hubs.map((_hub, index) =>
      work(
        () => hubs[index === 0 ? 0 : 1],
        ids,
        refusals,
        () => !isOver,
      ),
    );
    for (let rotation = 1; rotation <= rotations; rotation += 1) {
      const [old = ''] = await keyIds();
      expect((await keys('rotate')).code).toBe(0);
      // One hub is killed while the work is about to begin or under way, and another comes in its place.
      await hubs[1].kill();
      hubs = [hubs[0], await start()];
      await expect
        .poll(async () => progressOf((await keys('list')).text), { timeout: 90_000, interval: 2_000 })
        .toBe('done');
      // Whatever a hub had sealed before it heard of the new key is sealed anew here.
      const [fresh = ''] = await keyIds();
      await keys('rotate', '--to', fresh, '--now');
      const retired = await keys('retire', old);
      expect(retired).toMatchObject({ code: 0 });
      expect(await keyIds()).toEqual([fresh]);
    }
    isOver = true;
    const done = await Promise.all(working);
    expect(Math.min(...done)).toBeGreaterThan(0);
    expect(refusals.filter((code) => code.startsWith('vault_') || code === 'internal_error')).toEqual([]);
    for (const hub of hubs) await hub.stop();
    hubs = [await start(), await start()];
    for (const id of ids) {
      expect(await hubs[1].client.connections.test(id)).toMatchObject({ outcome: 'passed' });
    }
    expect((await keys('list')).text).toMatch(/seals and opens/);
  },
  withinMilliseconds,
);
