import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let appId: string;
let applicationId: string;
let id: string;

const listPath = '/directory/deletedItems/microsoft.graph.servicePrincipal';

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body: application } = await graph.call(token, 'POST', '/applications', { displayName: 'Nightly' });
  ({ appId, id: applicationId } = application);
  const { body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  id = body.id;
});

const get = async (path: string) => (await graph.call(token, 'GET', path)).body;
const remove = (path: string) => graph.call(token, 'DELETE', path);
const restore = (which = id, as = token) =>
  graph.call(as, 'POST', `/directory/deletedItems/${which}/restore`);

it('brings a service principal back with its owners, secrets, consent and roles', async () => {
  const crm = await get("/servicePrincipals(appId='00000007-0000-0000-c000-000000000000')");
  await graph.call(token, 'POST', `/servicePrincipals/${id}/addPassword`);
  await graph.call(token, 'POST', `/servicePrincipals/${id}/owners/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/users/${graph.idOf('sales')}`,
  });
  const grant = { clientId: id, resourceId: crm.id, scope: 'user_impersonation' };
  await graph.call(token, 'POST', '/oauth2PermissionGrants', { ...grant, consentType: 'AllPrincipals' });
  const role = { resourceId: crm.id, appRoleId: '00000000-0000-0000-0000-000000000000' };
  await graph.call(token, 'POST', `/servicePrincipals/${crm.id}/appRoleAssignedTo`, {
    ...role,
    principalId: id,
  });
  const relations = ['', '/owners', '/oauth2PermissionGrants', '/appRoleAssignments'];
  const look = () => Promise.all(relations.map((relation) => get(`/servicePrincipals/${id}${relation}`)));
  const before = await look();

  expect((await remove(`/servicePrincipals/${id}`)).status).toBe(204);
  expect((await get(`/oauth2PermissionGrants?$filter=clientId eq '${id}'`)).value).toEqual([]);
  expect((await get(listPath)).value).toMatchObject([{ id, appId, deletedDateTime: '2026-01-15T10:00:00Z' }]);
  expect(await get(`/directory/deletedItems/${id}`)).toMatchObject({
    '@odata.type': '#microsoft.graph.servicePrincipal',
    id,
  });

  const { status, body } = await restore();
  expect([status, body.id, body.deletedDateTime]).toEqual([200, id, null]);
  expect(await look()).toEqual(before);
  expect((await get(listPath)).value).toEqual([]);
});

it('keeps the service principal of a deleted application, which is restored by itself', async () => {
  await remove(`/applications/${applicationId}`);
  expect((await get(listPath)).value).toMatchObject([{ id }]);
  expect((await restore()).body.error).toMatchObject({
    details: [{ code: 'NoBackingApplicationObject' }],
  });
  expect((await restore(applicationId)).status).toBe(200);
  expect((await graph.call(token, 'GET', `/servicePrincipals/${id}`)).status).toBe(404);
  expect((await restore()).status).toBe(200);
});

it('does not restore a service principal beside its successor', async () => {
  await remove(`/servicePrincipals/${id}`);
  const { body: successor } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const { status, body } = await restore();
  expect([status, body.error.code]).toEqual([409, 'Request_MultipleObjectsWithSameKeyValue']);
  expect((await get(`/servicePrincipals/${successor.id}`)).id).toBe(successor.id);
});

it('comes back with the roles that groups have of it', async () => {
  const groups = await graph.personToken('admin', 'Group.ReadWrite.All');
  const { body: group } = await graph.call(groups, 'POST', '/groups', {
    displayName: 'Sellers',
    mailEnabled: false,
    mailNickname: 'sellers',
    securityEnabled: true,
  });
  const assignedTo = `/servicePrincipals/${id}/appRoleAssignedTo`;
  await graph.call(token, 'POST', assignedTo, {
    principalId: group.id,
    resourceId: id,
    appRoleId: '00000000-0000-0000-0000-000000000000',
  });
  await remove(`/servicePrincipals/${id}`);
  await restore();
  expect((await get(assignedTo)).value).toMatchObject([{ principalId: group.id, principalType: 'Group' }]);
});

it('restores no application beside another with one of its addresses', async () => {
  const identifierUris = ['api://nightly'];
  const body = { displayName: 'API', identifierUris };
  const { body: first } = await graph.call(token, 'POST', '/applications', body);
  await remove(`/applications/${first.id}`);
  const { body: second } = await graph.call(token, 'POST', '/applications', body);
  const refused = await restore(first.id);
  expect([refused.status, refused.body.error]).toMatchObject([
    400,
    { details: [{ target: 'identifierUris' }] },
  ]);
  await remove(`/applications/${second.id}`);
  expect((await restore(first.id)).status).toBe(200);
});

it('leaves out of what comes back what concerned others that are gone', async () => {
  const { body: other } = await graph.call(token, 'POST', '/applications', { displayName: 'API' });
  const { body: api } = await graph.call(token, 'POST', '/servicePrincipals', { appId: other.appId });
  for (const principalId of [id, graph.idOf('sales')]) {
    await graph.call(token, 'POST', `/servicePrincipals/${api.id}/appRoleAssignedTo`, {
      principalId,
      resourceId: api.id,
      appRoleId: '00000000-0000-0000-0000-000000000000',
    });
  }
  await remove(`/servicePrincipals/${api.id}`);
  await remove(`/servicePrincipals/${id}`);
  expect((await restore(api.id)).status).toBe(200);
  const { value } = await get(`/servicePrincipals/${api.id}/appRoleAssignedTo`);
  expect(value.map(({ principalId }) => principalId)).toEqual([graph.idOf('sales')]);
});

it('restores and purges for administrators and owners alone', async () => {
  await graph.call(token, 'POST', `/servicePrincipals/${id}/owners/$ref`, {
    '@odata.id': `https://graph.microsoft.com/v1.0/users/${graph.idOf('sales')}`,
  });
  await remove(`/servicePrincipals/${id}`);
  const asPerson = (name: string) => graph.personToken(name, 'Application.ReadWrite.All');
  const stranger = await asPerson('nolicence');
  expect((await restore(id, stranger)).status).toBe(403);
  expect((await graph.call(stranger, 'DELETE', `/directory/deletedItems/${id}`)).status).toBe(403);
  expect((await restore(id, await asPerson('sales'))).status).toBe(200);
});

it('deletes a service principal for good on request, and by itself after thirty days', async () => {
  await remove(`/servicePrincipals/${id}`);
  expect((await remove(`/directory/deletedItems/${id}`)).status).toBe(204);
  expect((await restore()).status).toBe(404);
  const { body: second } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  await remove(`/servicePrincipals/${second.id}`);
  graph.clock.advance(30 * 24 * 3_600_000 + 1);
  token = await graph.personToken('admin', everyScope);
  expect((await get(listPath)).value).toEqual([]);
  expect((await restore(second.id)).status).toBe(404);
});

it('tells callers who may read nothing of the kind not even what is not there', async () => {
  const caller = await graph.personToken('admin', 'User.Read');
  const path = '/directory/deletedItems/c0ffee00-0000-4000-8000-000000000000';
  expect((await graph.call(caller, 'GET', path)).status).toBe(403);
  expect((await graph.call(token, 'GET', path)).status).toBe(404);
});
