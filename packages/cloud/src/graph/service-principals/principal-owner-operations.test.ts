import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;
let principalId: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  principalId = await makePrincipal(token);
  path = `/servicePrincipals/${principalId}`;
});

async function makePrincipal(as: string): Promise<string> {
  const { body: application } = await graph.call(as, 'POST', '/applications', { displayName: 'Nightly' });
  const { body } = await graph.call(as, 'POST', '/servicePrincipals', { appId: application.appId });
  return body.id;
}

const addOwner = (id: string) =>
  graph.call(token, 'POST', `${path}/owners/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${id}`,
  });
const owners = async () => (await graph.call(token, 'GET', `${path}/owners`)).body.value;

it('has no owner when a person made it', async () => {
  expect(await owners()).toEqual([]);
});

it('adds people and service principals as owners, once each', async () => {
  const other = await makePrincipal(token);
  for (const id of [graph.idOf('sales'), other]) expect((await addOwner(id)).status).toBe(204);
  expect(await owners()).toHaveLength(2);
  expect(await owners()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ '@odata.type': '#microsoft.graph.user', id: graph.idOf('sales') }),
      expect.objectContaining({ '@odata.type': '#microsoft.graph.servicePrincipal', id: other }),
    ]),
  );
  expect((await addOwner(other)).status).toBe(400);
  expect((await addOwner('c0ffee00-0000-4000-8000-000000000000')).status).toBe(404);
});

it('has no owners but people and service principals', async () => {
  const groups = await graph.personToken('admin', 'Group.ReadWrite.All');
  const { body: group } = await graph.call(groups, 'POST', '/groups', {
    displayName: 'Sellers',
    mailEnabled: false,
    mailNickname: 'sellers',
    securityEnabled: true,
  });
  const { body: application } = await graph.call(token, 'POST', '/applications', { displayName: 'Other' });
  for (const id of [group.id, application.id]) {
    const { status, body } = await addOwner(id);
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('among the owners')]);
  }
  expect(await owners()).toEqual([]);
});

it('is among what its owner owns, and expands to its owners', async () => {
  const other = await makePrincipal(token);
  await addOwner(graph.idOf('sales'));
  await addOwner(other);
  const reader = await graph.personToken('admin', `${everyScope} User.Read.All`);
  for (const owner of [`/users/${graph.idOf('sales')}`, `/servicePrincipals/${other}`]) {
    const { body } = await graph.call(reader, 'GET', `${owner}/ownedObjects`);
    expect(body.value).toEqual([
      expect.objectContaining({ '@odata.type': '#microsoft.graph.servicePrincipal', id: principalId }),
    ]);
    const casts = ['servicePrincipal', 'application'].map(
      (kind) => `${owner}/ownedObjects/microsoft.graph.${kind}`,
    );
    const [principals, applications] = await Promise.all(
      casts.map((cast) => graph.call(reader, 'GET', cast)),
    );
    expect([principals?.body.value, applications?.body.value]).toMatchObject([[{ id: principalId }], []]);
  }
  const { body } = await graph.call(token, 'GET', `${path}?$expand=owners($select=id)`);
  expect(body.owners).toHaveLength(2);
});

it('removes an owner, once', async () => {
  await addOwner(graph.idOf('sales'));
  const remove = () => graph.call(token, 'DELETE', `${path}/owners/${graph.idOf('sales')}/$ref`);
  expect((await remove()).status).toBe(204);
  expect(await owners()).toEqual([]);
  expect((await remove()).status).toBe(404);
});

it('belongs to the app that made it', async () => {
  const app = await graph.applicationToken(principalId, ['Application.ReadWrite.OwnedBy']);
  const own = await makePrincipal(app);
  const add = (id: string) => graph.call(app, 'POST', `/servicePrincipals/${id}/addPassword`);
  expect((await add(own)).status).toBe(200);
  expect((await add(principalId)).status).toBe(403);
});
