import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  type LocalCloudOptions,
  type OpenedCloud,
  openLocalCloud,
  startLocalCloud,
} from '../start-local-cloud.ts';
import { readObject, textOf } from '../testing/read-json.ts';
import { readSeed } from './read-seed.ts';
import type { Seed } from './seed-schema.ts';
import { publishedSeedSchema } from './testing/published-schema.ts';

const packageFolder = path.join(import.meta.dirname, '../..');
const exampleFile = path.join(packageFolder, 'examples/fabrikam.seed.yaml');
const appId = '7a1c0000-0000-4000-8000-000000000001';

const running: OpenedCloud[] = [];
afterEach(async () => {
  for (const cloud of running.splice(0)) await cloud.close();
});

async function start(options: LocalCloudOptions): Promise<OpenedCloud> {
  const cloud = await openLocalCloud(options);
  running.push(cloud);
  return cloud;
}

async function appToken(cloud: OpenedCloud, secret = 'a-secret-for-tests-only'): Promise<[number, object]> {
  const response = await fetch(`${cloud.entra.http}/fabrikam.onmicrosoft.com/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: appId,
      client_secret: secret,
      scope: 'https://graph.microsoft.com/.default',
    }),
  });
  const answer = readObject(await response.text());
  const payload = 'access_token' in answer ? textOf(answer, 'access_token').split('.')[1] : undefined;
  const claims = payload ? readObject(Buffer.from(payload, 'base64url').toString('utf8')) : answer;
  return [response.status, claims];
}

it('starts with the people, apps, secrets and grants of the example', async () => {
  const cloud = await start({ seed: exampleFile });
  expect(await appToken(cloud)).toEqual([
    200,
    expect.objectContaining({ appid: appId, roles: ['User.Read.All'] }),
  ]);
  expect(await appToken(cloud, 'an-ended-secret')).toEqual([
    401,
    expect.objectContaining({ error_codes: [7000222] }),
  ]);
  const { tenants = [] } = cloud.state.exportSeed();
  expect(tenants.map(({ displayName }) => displayName).toSorted()).toEqual(['Contoso', 'Fabrikam']);
  const fabrikam = tenants.find(({ displayName }) => displayName === 'Fabrikam');
  expect(fabrikam).toMatchObject({ policy: { userConsent: 'off' } });
  expect(
    fabrikam?.users?.map(({ userPrincipalName, conditions }) => [userPrincipalName, conditions]),
  ).toEqual([
    ['ada@fabrikam.onmicrosoft.com', undefined],
    ['locked@fabrikam.onmicrosoft.com', { isLocked: true }],
  ]);
  expect(fabrikam?.applications).toMatchObject([{ owners: ['ada@fabrikam.onmicrosoft.com'] }]);
});

it('gives an export that makes the same cloud', async () => {
  const first = await start({ seed: exampleFile });
  const exported = first.state.exportSeed();
  expect(JSON.stringify(exported)).not.toContain('a-secret-for-tests-only');
  const second = await start({ seed: exported });
  expect(second.state.exportSeed()).toEqual(exported);
  expect((await appToken(second))[0]).toBe(200);
});

it('keeps certificates, permissions and switches of an app through an export', async () => {
  // Any RSA certificate will do.
  const { certificate: key } = (await start({})).context.signingKeys.current;
  const first = await start({
    seed: withApplication({
      servicePrincipal: 'disabled',
      publicClientFlows: true,
      uniqueName: 'exported',
      manifest: {
        serviceManagementReference: '96524024',
        keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key }],
        identifierUris: ['api://exported'],
      },
      permissions: [{ api: 'Dynamics CRM', delegated: ['user_impersonation'] }],
    }),
  });
  const exported = first.state.exportSeed();
  for (const kept of [key, '"uniqueName":"exported"', '96524024']) {
    expect(JSON.stringify(exported)).toContain(kept);
  }
  expect((await start({ seed: exported })).state.exportSeed()).toEqual(exported);
});

it('puts people into groups, and takes out who is no more named', async () => {
  const seed = (members: string[]): Seed => ({
    tenants: [
      {
        displayName: 'A',
        domains: ['a.com'],
        users: [{ userPrincipalName: 'x@a.com' }, { userPrincipalName: 'y@a.com' }],
        groups: [{ displayName: 'Sellers', members }],
      },
    ],
  });
  const dataFolder = path.join(tmpdir(), `latchkey-groups-${process.pid}`);
  try {
    await (await startLocalCloud({ dataFolder, seed: seed(['x@a.com', 'y@a.com']) })).close();
    const cloud = await start({ dataFolder, seed: seed(['y@a.com']) });
    const exported = cloud.state.exportSeed();
    const tenant = exported.tenants?.find(({ displayName }) => displayName === 'A');
    expect(tenant?.groups).toMatchObject([
      { displayName: 'Sellers', kind: 'security', members: ['y@a.com'] },
    ]);
    expect((await start({ seed: exported })).state.exportSeed()).toEqual(exported);
  } finally {
    for (const cloud of running.splice(0)) await cloud.close();
    await rm(dataFolder, { recursive: true });
  }
  await expect(startLocalCloud({ seed: seed(['z@a.com']) })).rejects.toThrow(
    "is called 'z@a.com', a member of",
  );
});

it('may be applied to the same folder again, and keeps what was made there', async () => {
  const dataFolder = path.join(tmpdir(), `latchkey-seed-${process.pid}`);
  try {
    const first = await startLocalCloud({ dataFolder, seed: exampleFile });
    const before = first.state.exportSeed();
    await first.close();
    const second = await start({ dataFolder, seed: exampleFile });
    const after = second.state.exportSeed();
    // A password that the seed says is set again, so its hash is another.
    expect(withoutHashes(after)).toEqual(withoutHashes(before));
  } finally {
    for (const cloud of running.splice(0)) await cloud.close();
    await rm(dataFolder, { recursive: true });
  }
});

const withoutHashes = (seed: Seed) => JSON.stringify(seed).replaceAll(/"passwordHash":"[^"]*"/g, '');

function seedOf(properties: Record<string, unknown>): Seed {
  const users = [{ userPrincipalName: 'x@a.com', properties }];
  return { tenants: [{ displayName: 'A', domains: ['a.com'], users }] };
}

it('puts people and groups into groups, with owners and what else Graph keeps, also through an export', async () => {
  const seed: Seed = {
    tenants: [
      {
        displayName: 'A',
        domains: ['a.com'],
        users: [{ userPrincipalName: 'x@a.com' }],
        groups: [
          {
            displayName: 'Outer',
            members: ['Inner'],
            owners: ['x@a.com'],
            properties: { description: 'All.' },
          },
          { displayName: 'Inner', kind: 'microsoft365', securityEnabled: true, members: ['x@a.com'] },
        ],
      },
    ],
  };
  const exported = (await start({ seed })).state.exportSeed();
  const groups = exported.tenants?.find(({ displayName }) => displayName === 'A')?.groups ?? [];
  const inner = groups.find(({ displayName }) => displayName === 'Inner');
  expect(inner).toMatchObject({ kind: 'microsoft365', securityEnabled: true, members: ['x@a.com'] });
  expect(groups).toContainEqual(
    expect.objectContaining({
      displayName: 'Outer',
      members: [inner?.id],
      owners: ['x@a.com'],
      properties: { description: 'All.' },
    }),
  );
  expect((await start({ seed: exported })).state.exportSeed()).toEqual(exported);
});

it('keeps whatever Graph keeps of a person through an export', async () => {
  const properties = { department: 'Sales', employeeOrgData: { division: 'West' } };
  const first = await start({ seed: seedOf(properties) });
  const second = await start({ seed: first.state.exportSeed() });
  const { tenants = [] } = second.state.exportSeed();
  expect(tenants.find(({ displayName }) => displayName === 'A')?.users).toMatchObject([{ properties }]);
});

it('does without Contoso where the seed brings an environment of its own', async () => {
  const domains = ['adatum.onmicrosoft.com'];
  const environments = [{ urlName: 'adatum', regionHost: 'crm.dynamics.com' }];
  const cloud = await start({
    seed: { contoso: false, tenants: [{ displayName: 'Adatum', domains, environments }] },
  });
  const discovery = '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration';
  expect((await fetch(cloud.entra.http + discovery)).status).toBe(400);
  const { tenants = [] } = cloud.state.exportSeed();
  expect(tenants).toMatchObject([{ displayName: 'Adatum', environments }]);
  await expect(readSeed({ contoso: false })).rejects.toThrow('needs a tenant with an environment');
});

it.each<[string, Seed, string]>([
  [
    'a person outside the domains',
    { tenants: [{ displayName: 'A', domains: ['a.com'], users: [{ userPrincipalName: 'x@b.com' }] }] },
    "'x@b.com' is in no domain of A.",
  ],
  [
    'a property of a person that Graph has not',
    seedOf({ hatSize: 7 }),
    "'x@a.com': Invalid property 'hatSize'.",
  ],
  [
    'an unknown API',
    withApplication({ permissions: [{ api: 'Exchange', delegated: ['Mail.Read'] }] }),
    "A has no API 'Exchange'.",
  ],
  [
    'an unknown permission',
    withApplication({ grants: [{ api: 'Dynamics CRM', scopes: ['all'] }] }),
    "has no permission 'all'",
  ],
  [
    'a redirect URI that Graph refuses',
    withApplication({ redirectUris: { web: ['http://example.com'] } }),
    "The application 'App' can't be made.",
  ],
  ['a stranger as owner', withApplication({ owners: ['x@a.com'] }), "Nobody is called 'x@a.com'"],
])('says what is wrong with %s', async (_name, seed, message) => {
  await expect(startLocalCloud({ seed })).rejects.toThrow(message);
});

function withApplication(more: object): Seed {
  return {
    tenants: [{ displayName: 'A', domains: ['a.com'], applications: [{ displayName: 'App', ...more }] }],
  };
}

it.each([
  ['tenants: [{displayName: A, domains: [a.com], policy: {accessTokenMinutes: 9}}]', 'accessTokenMinutes'],
  ['tenants: [', 'is no YAML'],
  ['tenants:\n  - displayName: A', 'tenants.0.domains: '],
  ['tenant: []', 'the top: Unrecognized key: "tenant"'],
  ['tenants: [{displayName: A, domains: [a.com], users: [{userPrincipalName: x}]}]', 'tenants.0.users.0'],
])('says where the file %o is wrong', async (text, message) => {
  const file = path.join(tmpdir(), `latchkey-seed-${process.pid}.yaml`);
  await writeFile(file, text);
  await expect(readSeed(file)).rejects.toThrow(message);
  await rm(file);
});

it('says that a file is not there', async () => {
  await expect(readSeed('/nowhere/seed.yaml')).rejects.toThrow("'/nowhere/seed.yaml' can't be read");
});

it('publishes the schema that it checks by', async () => {
  const published = await readFile(path.join(packageFolder, 'latchkey-seed.schema.json'), 'utf8');
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(publishedSeedSchema())));
});

const crmRows = ({ context }: OpenedCloud) =>
  context.directory.prepare('SELECT count(*) AS count FROM dataverse_records').get()?.count;

/** The CRM makes its rows when it is first asked for something. */
const openCrm = ({ crm }: OpenedCloud) => fetch(crm.http);

it('resets to the seed', async () => {
  const cloud = await start({ seed: exampleFile, adminApi: true });
  await openCrm(cloud);
  const rowsAtStart = crmRows(cloud);
  for (const table of ['client_secrets', 'dataverse_records']) {
    cloud.context.directory.prepare(`DELETE FROM ${table}`).run();
  }
  cloud.faults.add({ service: 'crm', effect: { kind: 'drop_connection' } });
  expect((await appToken(cloud))[0]).toBe(401);
  const reset = await fetch(`${cloud.entra.http}/_latchkey/reset`, { method: 'POST' });
  expect(reset.status).toBe(204);
  expect((await appToken(cloud))[0]).toBe(200);
  expect(crmRows(cloud)).toBe(rowsAtStart);
  expect(cloud.faults.list()).toEqual([]);
  expect(cloud.signIns.list()).toHaveLength(1);
});

it('comes back to a snapshot, the rows of the CRM included', async () => {
  const cloud = await start({ seed: exampleFile });
  await openCrm(cloud);
  const { directory } = cloud.context;
  const before = crmRows(cloud);
  const snapshot = cloud.state.takeSnapshot();
  directory.prepare('DELETE FROM dataverse_records').run();
  directory.prepare('DELETE FROM client_secrets').run();
  cloud.state.restore(snapshot);
  expect(crmRows(cloud)).toBe(before);
  expect((await appToken(cloud))[0]).toBe(200);
});

it('brings a snapshot to another cloud, whatever that was asked for before', async () => {
  const first = await start({ seed: exampleFile });
  await openCrm(first);
  const snapshot = first.state.takeSnapshot();
  const second = await start({});
  second.state.restore(snapshot);
  expect((await appToken(second))[0]).toBe(200);
  expect(crmRows(second)).toBe(crmRows(first));
  await openCrm(second);
  expect(crmRows(second)).toBe(crmRows(first));
});

it('exports YAML by the admin API', async () => {
  const cloud = await start({ seed: exampleFile, adminApi: true });
  const text = await (await fetch(`${cloud.entra.http}/_latchkey/seed`)).text();
  expect(parse(text)).toEqual(JSON.parse(JSON.stringify(cloud.state.exportSeed())));
});
