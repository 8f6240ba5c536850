import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', `${everyScope} User.ReadWrite.All`);
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'CRM' });
  path = `/applications/${body.id}`;
});

const get = async (address: string) => (await graph.call(token, 'GET', address)).body;
const patch = (address: string, body: object) => graph.call(token, 'PATCH', address, body);

it('takes a whole application back as it was read, its secrets included', async () => {
  await graph.call(token, 'POST', `${path}/addPassword`, { passwordCredential: { displayName: 'one' } });
  const { '@odata.context': _, ...whole } = await get(path);
  const answer = await patch(path, { ...whole, displayName: 'Renamed' });
  expect([answer.status, (await get(path)).displayName]).toEqual([204, 'Renamed']);
});

it('takes back a whole service principal, person and grant', async () => {
  const { appId } = await get(path);
  const { body: client } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const crm = await get("/servicePrincipals(appId='00000007-0000-0000-c000-000000000000')");
  const { body: grant } = await graph.call(token, 'POST', '/oauth2PermissionGrants', {
    clientId: client.id,
    consentType: 'AllPrincipals',
    resourceId: crm.id,
    scope: 'user_impersonation',
  });
  const addresses = [
    `/servicePrincipals/${client.id}`,
    `/users/${graph.idOf('sales')}`,
    `/oauth2PermissionGrants/${grant.id}`,
  ];
  for (const address of addresses) {
    const { '@odata.context': _, ...whole } = await get(address);
    expect([address, (await patch(address, whole)).status]).toEqual([address, 204]);
  }
});

it('reads an unchanged moment whatever its digits', async () => {
  const { createdDateTime } = await get(path);
  const longer = String(createdDateTime).replace(/(?:\.\d+)?Z$/, '.00000000Z');
  expect((await patch(path, { CreatedDateTime: longer })).status).toBe(204);
});

it('refuses a changed read-only value by its name, and changes nothing', async () => {
  const appId = 'c0ffee00-0000-4000-8000-000000000000';
  const { status, body } = await patch(path, { displayName: 'Renamed', appId });
  expect([status, body.error.message]).toEqual([400, "Property 'appId' is read-only and cannot be set."]);
  expect((await get(path)).displayName).toBe('CRM');
});

it('has nothing to do for an empty list of secrets where there are none', async () => {
  expect((await patch(path, { passwordCredentials: [] })).status).toBe(204);
});

it.each([{}, { resourceAccess: [] }, { resourceAccess: null }])(
  'refuses a resource of which nothing is asked: %o',
  async (entry) => {
    const resourceAppId = '00000007-0000-0000-c000-000000000000';
    const { status, body } = await patch(path, { requiredResourceAccess: [{ resourceAppId, ...entry }] });
    expect([status, body.error.message]).toEqual([
      400,
      'Property requiredResourceAccess.resourceAccess value is required but is empty or missing.',
    ]);
  },
);

it('reads a body behind a byte order mark', async () => {
  const { status } = await graph.inject({
    method: 'PATCH',
    url: `/v1.0${path}`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: '\uFEFF{"displayName":"Marked"}',
  });
  expect([status, (await get(path)).displayName]).toEqual([204, 'Marked']);
});
