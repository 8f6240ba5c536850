import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { ApplicationUser } from '@latchkey/client';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openTap, type Tap } from './support/open-tap.ts';
import { type RegisteredApp, registerApp } from './support/register-app.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';
import { startTappedCloud, type TappedCloud } from './support/start-tapped-cloud.ts';

const patience = { timeout: 60_000 };
const longerThanALease = 31_000;
/** By how much the hub's clock is ahead: a process that is started anew begins with the machine's. */
let ahead = 0;

let folder: string;
let tapped: TappedCloud;
let crm: Tap;
let hub: HubProcess;

const start = () =>
  startHubProcess({
    dataFolder: folder,
    port: 0,
    cloud: { ...tapped.config, localEnvironments: [crm.origin] },
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-application-user-'));
  tapped = await startTappedCloud();
  crm = await openTap(tapped.cloud.crm.http);
  tapped.cloud.crm.http = crm.origin;
  hub = await start();
});
afterEach(() => {
  crm.rule = null;
});
afterAll(async () => {
  await hub?.kill();
  await crm?.close();
  await tapped?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A connection of an application that the environment does not know yet. */
async function connectAsApp(): Promise<{ id: string; app: RegisteredApp }> {
  const { redirectUri } = await hub.client.settings.get();
  const app = await registerApp(tapped.cloud, { redirectUris: [redirectUri], adminConsent: true });
  const { id, status } = await hub.client.connections.create({
    method: 'client_credentials',
    environmentUrl: crm.origin,
    tenantId: app.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
  });
  expect(status).toMatchObject({ state: 'blocked', failure: { remote: { code: '0x80072560' } } });
  return { id, app };
}

async function signIn(
  { signIn: offer }: ApplicationUser,
  userName: string = seededUsers.administrator,
): Promise<void> {
  if (!offer) throw new Error('No sign-in is offered.');
  await signInOnPages(createPageBrowser(), { link: offer.url, userName, password: seededPassword });
}

async function until(id: string, ...states: ApplicationUser['state'][]): Promise<ApplicationUser> {
  await expect
    .poll(async () => (await hub.client.applicationUsers.get(id)).state, patience)
    .toMatch(new RegExp(`^(?:${states.join('|')})$`));
  return hub.client.applicationUsers.get(id);
}

/** What the environment says of an application's users: their roles, as its administrator sees them. */
async function usersOf({ clientId }: RegisteredApp): Promise<string[][]> {
  const accessToken = await tapped.cloud.issueToken({
    user: seededUsers.administrator,
    resource: crm.origin,
  });
  const get = async (query: string) => {
    const response = await fetch(`${crm.origin}/api/data/v9.2/${query}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    return ((await response.json()) as { value: Record<string, string>[] }).value;
  };
  const users = await get(`systemusers?$select=systemuserid&$filter=applicationid eq ${clientId}`);
  return Promise.all(
    users.map(async ({ systemuserid }) => {
      const roles = await get(`systemusers(${systemuserid})/systemuserroles_association?$select=name`);
      return roles.map(({ name }) => name ?? '').sort();
    }),
  );
}

it('lets the app in as itself, with the roles that a person picks from the environment’s own list (lesson 16)', async () => {
  const { id, app } = await connectAsApp();
  await signIn(await hub.client.applicationUsers.begin(id));
  const { availableRoles } = await until(id, 'choosing_roles');
  expect(availableRoles?.map(({ name }) => name)).toEqual(['Salesperson', 'System Administrator']);
  await hub.client.applicationUsers.chooseRoles(id, ['Salesperson']);
  const ready = await until(id, 'ready');
  expect(ready).toMatchObject({ madeByHub: true, roles: [{ name: 'Salesperson' }], failure: null });
  expect(ready.steps.map(({ state }) => state)).toEqual(Array(6).fill('done'));
  expect(await usersOf(app)).toEqual([['Salesperson']]);
  expect((await hub.client.connections.get(id)).status.state).toBe('ready');
});

it('gives other roles later, and takes back what the hub made', async () => {
  const { id, app } = await connectAsApp();
  await signIn(await hub.client.applicationUsers.begin(id, { roles: ['Salesperson'] }));
  await until(id, 'ready');
  await signIn(await hub.client.applicationUsers.begin(id, { roles: ['system administrator'] }));
  await until(id, 'ready');
  expect(await usersOf(app)).toEqual([['System Administrator']]);

  await expect(hub.client.connections.delete(id)).rejects.toMatchObject({
    problem: { code: 'application_user_in_place', status: 409 },
  });
  await signIn(await hub.client.applicationUsers.undo(id));
  await until(id, 'undone');
  expect(await usersOf(app)).toEqual([]);
  expect((await hub.client.connections.test(id)).outcome).toBe('failed');
  await hub.client.connections.delete(id);
});

it('leaves the user in the environment where somebody wants that', async () => {
  const { id, app } = await connectAsApp();
  await signIn(await hub.client.applicationUsers.begin(id, { roles: ['Salesperson'] }));
  await until(id, 'ready');
  await hub.client.connections.delete(id, { applicationUser: 'leave' });
  expect(await usersOf(app)).toEqual([['Salesperson']]);
});

it('asks again where the environment has no such role', async () => {
  const { id } = await connectAsApp();
  await signIn(await hub.client.applicationUsers.begin(id, { roles: ['Sales person'] }));
  const asked = await until(id, 'choosing_roles');
  expect(asked.steps.find(({ name }) => name === 'choice')?.detail).toContain('“Sales person”');
  await expect(hub.client.applicationUsers.chooseRoles(id, ['None of these'])).rejects.toMatchObject({
    problem: { code: 'invalid_body', errors: [{ path: 'roles' }] },
  });
});

it('says who has to sign in when somebody did who may not make users', async () => {
  const { id, app } = await connectAsApp();
  const begun = await hub.client.applicationUsers.begin(id, { roles: ['Salesperson'] });
  await signIn(begun, seededUsers.salesperson);
  const failed = await until(id, 'failed');
  expect(failed.failure).toMatchObject({
    code: 'crm_refused',
    whoActs: 'administrator',
    remote: { httpStatus: 403 },
  });
  await signIn(await hub.client.applicationUsers.retry(id));
  await until(id, 'ready');
  expect(await usersOf(app)).toEqual([['Salesperson']]);
});

it.each([
  ['the environment is read', 'GET', /\/roles\?/],
  ['the user is made', 'POST', /\/systemusers$/],
  ['a role is given', 'POST', /systemuserroles_association\/\$ref$/],
])('goes on where a process was killed while %s, after it took effect', async (_when, method, address) => {
  const { id, app } = await connectAsApp();
  const killed = new Promise<void>((resolve) => {
    crm.rule = async (request, ask, response) => {
      const answer = await ask();
      if (request.method !== method || !address.test(request.path)) return answer;
      crm.rule = null;
      void hub.kill().then(resolve);
      response.destroy();
      return 'answered';
    };
  });
  await signIn(await hub.client.applicationUsers.begin(id, { roles: ['Salesperson'] })).catch(
    () => undefined,
  );
  await killed;
  hub = await start();
  ahead += longerThanALease;
  await hub.advance(ahead);
  const ready = await until(id, 'ready');
  expect(ready.madeByHub).toBe(true);
  expect(await usersOf(app)).toEqual([['Salesperson']]);
  await signIn(await hub.client.applicationUsers.undo(id));
  await until(id, 'undone');
  expect(await usersOf(app)).toEqual([]);
});
