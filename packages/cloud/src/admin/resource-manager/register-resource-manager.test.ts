import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../start-local-cloud.ts';
import { readObject } from '../../testing/read-json.ts';

let cloud: LocalCloud;
let token: string;
const resource = 'https://management.core.windows.net/';
const azureCli = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

beforeAll(async () => {
  cloud = await startLocalCloud();
  token = await cloud.issueToken({ user: cloud.users.salesperson, app: azureCli, resource });
});
afterAll(() => cloud.close());

async function get(path: string, authorization = `Bearer ${token}`) {
  const answer = await fetch(cloud.admin.http + path, { headers: authorization ? { authorization } : {} });
  return { status: answer.status, headers: answer.headers, body: readObject(await answer.text()) };
}

const named = ['displayName', 'domains', 'tenantCategory'];

it.each([
  ['2016-06-01', ['id', 'tenantId']],
  ['2019-11-01', ['id', 'tenantId', ...named]],
  ['2022-12-01', ['id', 'tenantId', ...named, 'defaultDomain', 'tenantType']],
  ['2023-01-01-Preview', ['id', 'tenantId', ...named, 'defaultDomain', 'tenantType']],
])('tells at version %s of the caller’s tenant its %j', async (version, properties) => {
  const { status, body } = await get(`/tenants?api-version=${version}`);
  const { value } = body as { value: { id: string; tenantId: string }[] };
  expect([status, value.map((tenant) => Object.keys(tenant))]).toEqual([200, [properties]]);
  expect(value[0]?.id).toBe(`/tenants/${value[0]?.tenantId}`);
});

it('has no subscriptions, and says so of each', async () => {
  const { body } = await get('/subscriptions?api-version=2022-12-01');
  expect(body).toEqual({ value: [], count: { type: 'Total', value: 0 } });
  const id = 'c0ffee00-0000-4000-8000-000000000000';
  for (const path of [`/Subscriptions/${id}`, `/subscriptions/${id}/resourceGroups`]) {
    const { status, body: refusal } = await get(`${path}?api-version=2022-12-01`);
    expect([status, refusal.error]).toEqual([
      404,
      { code: 'SubscriptionNotFound', message: `The subscription '${id}' could not be found.` },
    ]);
  }
});

it('has nothing else', async () => {
  expect((await get('/providers?api-version=2022-12-01')).status).toBe(404);
});

it.each(['', 'Bearer', 'Bearer a.b.c', 'Basic abc'])('lets nobody in by "%s"', async (authorization) => {
  for (const path of ['/tenants', '/subscriptions']) {
    const { status, headers, body } = await get(`${path}?api-version=2022-12-01`, authorization);
    expect([status, body.error]).toMatchObject([401, { code: 'AuthenticationFailed' }]);
    expect(headers.get('www-authenticate')).toContain(`authorization_uri="${cloud.entra.http}/"`);
  }
});

it('lets nobody in by a token for another service', async () => {
  const other = await cloud.issueToken({
    user: cloud.users.salesperson,
    resource: 'https://graph.microsoft.com',
  });
  expect((await get('/tenants?api-version=2022-12-01', `Bearer ${other}`)).status).toBe(401);
});

it.each(['/tenants', '/subscriptions', '/metadata/endpoints'])('asks at %s for a version', async (path) => {
  const missing = await get(path, '');
  expect([missing.status, missing.body.error]).toMatchObject([400, { code: 'MissingApiVersionParameter' }]);
  for (const version of ['latest', 'v2022-12-01', '2022-12-01-1']) {
    const { status, body } = await get(`${path}?API-Version=${version}`, '');
    expect([status, body.error]).toMatchObject([400, { code: 'InvalidApiVersionParameter' }]);
  }
});

it('describes itself in the shape of each generation, by the ports of this machine', async () => {
  const describe = async (version: string): Promise<unknown> =>
    (await fetch(`${cloud.admin.http}/metadata/endpoints?api-version=${version}`)).json();
  expect(await describe('2015-01-01')).toMatchObject({
    authentication: {
      loginEndpoint: cloud.entra.http,
      audiences: [resource, 'https://management.azure.com/'],
    },
  });
  const list = await describe('2019-05-01');
  expect(list).toMatchObject([
    { name: 'AzureCloud', resourceManager: `${cloud.admin.http}/` },
    {
      name: 'AzureChinaCloud',
      authentication: { loginEndpoint: 'https://login.partner.microsoftonline.cn' },
    },
    { name: 'AzureUSGovernment', resourceManager: 'https://management.usgovcloudapi.net/' },
  ]);
  // What Terraform's provider stops without.
  expect(await describe('2022-09-01')).toMatchObject({
    name: 'AzureCloud',
    resourceManager: `${cloud.admin.http}/`,
    microsoftGraphResourceId: `${cloud.graph.http}/`,
    authentication: { tenant: 'common', identityProvider: 'AAD', loginEndpoint: cloud.entra.http },
    suffixes: { keyVaultDns: 'vault.azure.net', storage: 'core.windows.net' },
  });
});
