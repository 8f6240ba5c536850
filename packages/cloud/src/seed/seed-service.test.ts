import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, expect, it } from 'vitest';
import { type LocalCloudOptions, type OpenedCloud, openLocalCloud } from '../start-local-cloud.ts';
import { readObject, textOf } from '../testing/read-json.ts';
import type { Seed, SeedApplication, SeedService } from './seed-schema.ts';

const running: OpenedCloud[] = [];
afterEach(async () => {
  for (const cloud of running.splice(0)) await cloud.close();
});

async function start(options: LocalCloudOptions): Promise<OpenedCloud> {
  const cloud = await openLocalCloud(options);
  running.push(cloud);
  return cloud;
}

const archiveId = '7a1c0000-0000-4000-8000-0000000000d1';
const appId = '7a1c0000-0000-4000-8000-0000000000d2';
const ada = 'ada@fabrikam.onmicrosoft.com';

const archive: SeedService = {
  displayName: 'Archive',
  appId: archiveId,
  addresses: ['https://archive.example/'],
  delegated: ['Files.Read', { value: 'Files.Purge', consent: 'admin' }],
  application: [{ value: 'Files.Purge.All', id: '7a1c0000-0000-4000-8000-0000000000d3' }],
};
const nightly: SeedApplication = {
  displayName: 'Nightly',
  appId,
  secrets: [{ value: 'for-tests-only' }],
  permissions: [{ api: 'Archive', delegated: ['Files.Read'] }],
  grants: [
    { api: 'Archive', scopes: ['Files.Read'] },
    { api: 'Microsoft Graph', scopes: ['Tea.Brew'] },
  ],
  roles: [{ api: 'Archive', values: ['Files.Purge.All'] }],
};
const seedOf = (services: SeedService[], applications: SeedApplication[] = [nightly]): Seed => ({
  services,
  tenants: [
    {
      displayName: 'Fabrikam',
      domains: ['fabrikam.onmicrosoft.com'],
      users: [{ userPrincipalName: ada }],
      applications,
    },
  ],
});

/** The claims of a token of the app, for a person where one is named. */
async function claims(cloud: OpenedCloud, scope: string, user?: string): Promise<object> {
  const response = await fetch(`${cloud.entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      ...(user === undefined
        ? { grant_type: 'client_credentials' }
        : { grant_type: 'password', username: user, password: 'Pass@word1' }),
      client_id: appId,
      client_secret: 'for-tests-only',
      scope,
    }),
  });
  const answer = readObject(await response.text());
  const [, payload = ''] = 'access_token' in answer ? textOf(answer, 'access_token').split('.') : [];
  return payload === '' ? answer : readObject(Buffer.from(payload, 'base64url').toString('utf8'));
}

const teaId = '7a1c0000-0000-4000-8000-0000000000d5';
const tea: SeedService = {
  displayName: 'MICROSOFT graph',
  delegated: [{ value: 'Tea.Brew', id: teaId }, 'Mail.Read'],
  application: ['Tea.Brew.All', 'Mail.Read'],
};

it('makes a service that every tenant knows, and gives Microsoft Graph a permission', async () => {
  const cloud = await start({ seed: seedOf([archive, tea]) });
  expect(await claims(cloud, 'https://archive.example//.default')).toMatchObject({
    aud: 'https://archive.example/',
    roles: ['Files.Purge.All'],
  });
  expect(await claims(cloud, 'https://archive.example/Files.Read', ada)).toMatchObject({ scp: 'Files.Read' });
  expect(await claims(cloud, 'Tea.Brew', ada)).toMatchObject({ scp: 'Tea.Brew' });
  expect(await claims(cloud, 'https://archive.example/Files.Raed', ada)).toMatchObject({
    error_codes: [650053],
  });
  // In a tenant of no seed as well.
  const token = await cloud.issueToken({
    user: cloud.users.administrator,
    resource: archiveId,
    scopes: ['Files.Purge'],
  });
  expect(token).toMatch(/^eyJ/);
});

it('comes back from an export as it was', async () => {
  const first = await start({ seed: seedOf([archive, tea]) });
  const exported = first.state.exportSeed();
  expect(exported.services).toEqual([
    expect.objectContaining({
      displayName: 'Archive',
      addresses: ['https://archive.example/'],
      delegated: [
        expect.objectContaining({ value: 'Files.Read', consent: 'user' }),
        expect.objectContaining({ value: 'Files.Purge', consent: 'admin' }),
      ],
      application: [{ value: 'Files.Purge.All', id: '7a1c0000-0000-4000-8000-0000000000d3' }],
    }),
    {
      displayName: 'Microsoft Graph',
      appId: wellKnownIds.microsoftGraph,
      addresses: [],
      // What Graph has already, a seed does not make anew.
      delegated: [{ value: 'Tea.Brew', id: teaId, consent: 'user' }],
      application: [expect.objectContaining({ value: 'Tea.Brew.All' })],
    },
  ]);
  const second = await start({ seed: exported });
  expect(second.state.exportSeed().services).toEqual(exported.services);
  expect(await claims(second, 'Tea.Brew', ada)).toMatchObject({ scp: 'Tea.Brew' });
  expect((await start({})).state.exportSeed()).not.toHaveProperty('services');
});

it('may be applied again, and stays when it is not', async () => {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-services-'));
  const more = { ...archive, delegated: ['Files.Read', 'Files.Write'] };
  for (const options of [{ seed: seedOf([archive, tea]) }, { seed: seedOf([more, tea]) }, {}]) {
    await (await openLocalCloud({ dataFolder, ...options })).close();
  }
  const cloud = await start({ dataFolder });
  expect(cloud.state.exportSeed().services).toMatchObject([
    {
      displayName: 'Archive',
      delegated: [{ value: 'Files.Read' }, { value: 'Files.Purge' }, { value: 'Files.Write' }],
    },
    { displayName: 'Microsoft Graph', delegated: [{ value: 'Tea.Brew' }] },
  ]);
  expect(await claims(cloud, 'Tea.Brew', ada)).toMatchObject({ scp: 'Tea.Brew' });
  await rm(dataFolder, { recursive: true });
});

it('makes services whose seed says no more than a name, each with ids of its own', async () => {
  const named = (displayName: string): SeedService => ({ displayName, delegated: ['Read', 'Write'] });
  const seed = seedOf([{ displayName: 'Bare' }, named('One'), named('Other')], []);
  const [first, second] = [await start({ seed }), await start({ seed })];
  const { services = [] } = first.state.exportSeed();
  expect(services.map(({ displayName }) => displayName)).toEqual(['Bare', 'One', 'Other']);
  expect(second.state.exportSeed().services).toEqual(services);
  const ids = services.flatMap(({ appId: id, delegated = [] }) => [
    id,
    ...delegated.map((permission) => (typeof permission === 'string' ? permission : permission.id)),
  ]);
  expect(new Set(ids).size).toBe(7);
});

it('takes no id that belongs to another application', async () => {
  const seed = seedOf([], [{ displayName: 'Nightly', appId }]);
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'latchkey-services-'));
  await (await openLocalCloud({ dataFolder, seed })).close();
  await expect(openLocalCloud({ dataFolder, seed: { services: [{ ...archive, appId }] } })).rejects.toThrow(
    "The service 'Archive' can't have the id of 'Nightly'.",
  );
  await rm(dataFolder, { recursive: true });
});

it('lets applications name themselves and those that come later', async () => {
  const exposing = (displayName: string, value: string) => ({
    displayName,
    manifest: {
      identifierUris: [`api://${displayName.toLowerCase()}`],
      api: {
        oauth2PermissionScopes: [
          {
            id: '7a1c0000-0000-4000-8000-0000000000d4',
            value,
            type: 'User',
            isEnabled: true,
            adminConsentDisplayName: value,
            adminConsentDescription: value,
          },
        ],
      },
    },
  });
  const own: SeedApplication = {
    ...exposing('Orders', 'Orders.Read'),
    appId,
    secrets: [{ value: 'for-tests-only' }],
    permissions: [
      { api: 'Orders', delegated: ['Orders.Read'] },
      { api: 'Stock', delegated: ['Stock.Read'] },
    ],
    grants: [
      { api: 'Orders', scopes: ['Orders.Read'] },
      { api: 'Stock', scopes: ['Stock.Read'] },
    ],
  };
  const cloud = await start({ seed: seedOf([], [own, exposing('Stock', 'Stock.Read')]) });
  expect(await claims(cloud, 'api://orders/Orders.Read', ada)).toMatchObject({ scp: 'Orders.Read' });
  expect(await claims(cloud, 'api://stock/.default', ada)).toMatchObject({ scp: 'Stock.Read' });
  const fabrikam = cloud.state.exportSeed().tenants?.find(({ displayName }) => displayName === 'Fabrikam');
  const orders = fabrikam?.applications?.find(({ displayName }) => displayName === 'Orders');
  expect(orders?.manifest?.requiredResourceAccess).toHaveLength(2);
});

it.each([
  ['an API that is not there', { api: 'Nowhere' }, "Fabrikam has no API 'Nowhere'."],
  [
    'a permission that is not there',
    { api: 'Archive', delegated: ['No'] },
    "Archive has no permission 'No'.",
  ],
])('refuses %s', async (_what, permission, message) => {
  const seed = seedOf([archive], [{ displayName: 'Nightly', permissions: [permission] }]);
  await expect(openLocalCloud({ seed })).rejects.toThrow(message);
});

it.each(['two words', 'a/b', ''])('takes no permission called %j', async (value) => {
  const seed = seedOf([{ displayName: 'Archive', delegated: [value] }], []);
  await expect(openLocalCloud({ seed })).rejects.toThrow(/services/);
});
