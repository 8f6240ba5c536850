import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendRequest } from '../../listeners/testing/send-request.ts';
import { sendThroughProxy } from '../../listeners/testing/send-through-proxy.ts';
import { type LocalCloud, startLocalCloud } from '../../start-local-cloud.ts';
import { readObject } from '../../testing/read-json.ts';

const nightly = '7a1c0000-0000-4000-8000-00000000bb01';
const resource = 'https://service.powerapps.com/';
const version = 'api-version=2020-10-01';
const adminList = '/providers/Microsoft.BusinessAppPlatform/scopes/admin/environments';
const ownList = '/providers/Microsoft.BusinessAppPlatform/environments';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud({
    seed: {
      tenants: [
        {
          displayName: 'Contoso',
          domains: ['contoso.onmicrosoft.com'],
          applications: [{ displayName: 'Nightly', appId: nightly }],
          environments: [
            { urlName: 'second', regionHost: 'crm.dynamics.com', friendlyName: 'Second' },
            { urlName: 'county', regionHost: 'crm9.dynamics.com', friendlyName: 'County' },
            { urlName: 'agency', regionHost: 'crm.microsoftdynamics.us', friendlyName: 'Agency' },
          ],
        },
        {
          displayName: 'Fabrikam',
          domains: ['fabrikam.onmicrosoft.com'],
          environments: [{ urlName: 'fabrikam', regionHost: 'crm4.dynamics.com' }],
        },
      ],
    },
  });
});
afterAll(() => cloud.close());

const tokenOf = (name: string, audience = resource) =>
  cloud.issueToken({ user: `${name}@contoso.onmicrosoft.com`, resource: audience });

type Listed = { name: string; properties: { displayName: string; linkedEnvironmentMetadata: object } };

async function get(path: string, token: string) {
  const answer = await fetch(cloud.admin.http + path, { headers: { authorization: `Bearer ${token}` } });
  const body = readObject(await answer.text()) as { value: Listed[]; error: { code: string } };
  return { status: answer.status, body };
}

const namesIn = ({ body }: { body: { value: Listed[] } }) =>
  body.value.map(({ properties }) => properties.displayName);

it('lists an administrator’s environments with what leads to their Web API', async () => {
  const { status, body } = await get(`${adminList}?${version}`, await tokenOf('admin'));
  const [first, second] = body.value;
  expect([status, first]).toMatchObject([
    200,
    {
      id: `${adminList}/${first?.name}`,
      type: 'Microsoft.BusinessAppPlatform/scopes/environments',
      location: 'europe',
      properties: {
        azureRegion: 'westeurope',
        environmentSku: 'Production',
        databaseType: 'CommonDataService',
        provisioningState: 'Succeeded',
        linkedEnvironmentMetadata: {
          domainName: 'contoso',
          instanceUrl: `${cloud.crm.http}/`,
          instanceApiUrl: cloud.crm.http,
          instanceState: 'Ready',
          version: '9.2.24014.198',
        },
      },
    },
  ]);
  expect(second?.properties.linkedEnvironmentMetadata).toMatchObject({
    instanceUrl: `${cloud.environments[1]?.http}/`,
  });
  expect(body.value).toHaveLength(4);
});

it.each(['http', 'https'] as const)('leads by %s to ports of the same scheme', async (scheme) => {
  const { body } = await sendRequest(`${cloud.admin[scheme]}${adminList}?${version}`, {
    ca: cloud.caCertificate,
    headers: { authorization: `Bearer ${await tokenOf('admin')}` },
  });
  const { value } = readObject(body) as { value: Listed[] };
  expect(value[0]?.properties.linkedEnvironmentMetadata).toMatchObject({
    instanceUrl: `${cloud.crm[scheme]}/`,
  });
});

it('lists to whoever is no administrator none to administer, and those to use by licence', async () => {
  const [sales, unlicensed] = [await tokenOf('sales'), await tokenOf('nolicence')];
  expect(namesIn(await get(`${adminList}?${version}`, sales))).toEqual([]);
  expect(namesIn(await get(`${ownList}?${version}`, sales))).toHaveLength(4);
  expect(namesIn(await get(`${ownList}?${version}`, unlicensed))).toEqual([]);
});

it('lists to an app what its tenant has', async () => {
  const token = await cloud.issueToken({ app: nightly, resource });
  expect(namesIn(await get(`${adminList}?${version}`, token))).toHaveLength(4);
});

it('tells of one environment, in any case, and of none that is not there', async () => {
  const token = await tokenOf('admin');
  const { body } = await get(`${adminList}?${version}`, token);
  const name = body.value[0]?.name ?? '';
  const one = await get(`${adminList.toLowerCase()}/${name.toUpperCase()}?${version}`, token);
  expect([one.status, one.body]).toMatchObject([200, { name }]);
  const none = await get(`${adminList}/Default-x?${version}`, token);
  expect([none.status, none.body.error.code]).toEqual([404, 'EnvironmentNotFound']);
});

it('has the lists of Power Apps, too', async () => {
  const token = await tokenOf('admin');
  for (const path of [
    '/providers/Microsoft.PowerApps/environments',
    '/providers/Microsoft.PowerApps/scopes/admin/environments',
  ]) {
    const { body } = await get(`${path}?${version}`, token);
    expect(body.value[0]).toMatchObject({
      type: 'Microsoft.PowerApps/environments',
      id: `${path}/${body.value[0]?.name}`,
    });
  }
});

it('selects by paths', async () => {
  const select = '$select=name,properties.displayName,properties/linkedEnvironmentMetadata/domainName';
  const { body } = await get(`${adminList}?${version}&${select}`, await tokenOf('admin'));
  expect(body.value[1]).toEqual({
    name: expect.any(String),
    properties: { displayName: 'Second', linkedEnvironmentMetadata: { domainName: 'second' } },
  });
});

it('takes the first ones where so many are asked for, and option names in any case', async () => {
  const token = await tokenOf('admin');
  const first = await get(`${adminList}?${version}&$Top=2&$SELECT=properties.displayName`, token);
  expect(namesIn(first)).toEqual(['Contoso', 'Second']);
  expect(Object.keys(first.body.value[0] ?? {})).toEqual(['properties']);
  const refused = await get(`${adminList}?${version}&$top=two`, token);
  expect([refused.status, refused.body.error.code]).toEqual([400, 'InvalidQueryOption']);
});

it('leaves out what is selected and not there', async () => {
  const { body } = await get(
    `${adminList}?${version}&$select=name,properties.capacity`,
    await tokenOf('admin'),
  );
  expect(body.value[0]).toEqual({ name: expect.any(String), properties: {} });
});

it.each<[string, string, string, number, string]>([
  ['without a version', '', resource, 400, 'MissingApiVersionParameter'],
  ['with a filter', `?${version}&$filter=name eq 'x'`, resource, 501, 'NotImplemented'],
  [
    'by a token for another service',
    `?${version}`,
    'https://graph.microsoft.com',
    401,
    'AuthenticationFailed',
  ],
])('refuses a list %s', async (_case, query, audience, status, code) => {
  const answer = await get(adminList + query, await tokenOf('admin', audience));
  expect([answer.status, answer.body.error.code]).toEqual([status, code]);
});

async function listAt(host: string): Promise<Listed[]> {
  const { status, body } = await sendThroughProxy({
    proxy: cloud.proxy,
    ca: cloud.caCertificate,
    url: `https://${host}${adminList}?${version}`,
    headers: { authorization: `Bearer ${await tokenOf('admin', 'https://api.bap.microsoft.com/')}` },
  });
  expect(status).toBe(200);
  return (readObject(body) as { value: Listed[] }).value;
}

it.each([
  ['api.bap.microsoft.com', ['Contoso', 'Second']],
  ['gov.api.bap.microsoft.us', ['County']],
  ['high.api.bap.microsoft.us', ['Agency']],
])('lists at %s the environments of that cloud', async (host, expected) => {
  const listed = await listAt(host);
  expect(listed.map(({ properties }) => properties.displayName)).toEqual(expected);
});

it('leads by its own name to environments by theirs', async () => {
  const [first] = await listAt('api.bap.microsoft.com');
  expect(first?.properties.linkedEnvironmentMetadata).toMatchObject({
    instanceUrl: 'https://contoso.crm4.dynamics.com/',
    instanceApiUrl: 'https://contoso.api.crm4.dynamics.com',
  });
});

it('is at its own names alone', async () => {
  const { status } = await sendThroughProxy({
    proxy: cloud.proxy,
    ca: cloud.caCertificate,
    url: `https://management.azure.com${adminList}?${version}`,
    headers: { authorization: `Bearer ${await tokenOf('admin')}` },
  });
  expect(status).toBe(404);
});
