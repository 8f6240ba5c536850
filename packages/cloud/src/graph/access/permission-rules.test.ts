import { beforeEach, expect, it } from 'vitest';
import { updateUserProfile } from '../../directory/users.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let adminToken: string;

beforeEach(async () => {
  graph = await openGraph();
  adminToken = await graph.personToken('admin', everyScope);
});

async function register(token: string): Promise<{ id: string; appId: string }> {
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
  });
  return { id: body.id, appId: body.appId };
}

async function principalOf(appId: string): Promise<string> {
  const { body } = await graph.call(adminToken, 'GET', `/servicePrincipals(appId='${appId}')`);
  return body.id;
}

it.each([
  ['GET', '/applications', 'User.Read', 403],
  ['GET', '/applications', 'Application.Read.All', 200],
  ['GET', '/applications', 'Directory.Read.All', 200],
  ['GET', '/applications', 'Application.ReadWrite.All', 200],
  ['GET', '/applications', 'Directory.AccessAsUser.All', 200],
  ['POST', '/applications', 'Application.Read.All', 403],
  ['POST', '/applications', 'Application.ReadWrite.All', 201],
  ['POST', '/applications', 'Directory.AccessAsUser.All', 201],
  ['GET', '/oauth2PermissionGrants', 'Application.ReadWrite.All', 403],
  ['GET', '/oauth2PermissionGrants', 'DelegatedPermissionGrant.ReadWrite.All', 200],
  ['GET', '/users', 'User.Read', 403],
  ['GET', '/users', 'User.Read.All', 200],
  ['GET', '/me', 'openid profile', 403],
  ['GET', '/me', 'User.Read', 200],
] as const)('%s %s with %s gives an administrator %i', async (method, path, scopes, expected) => {
  const token = await graph.personToken('admin', scopes);
  const body = method === 'POST' ? { displayName: 'CRM integration' } : undefined;
  const answer = await graph.call(token, method, path, body);
  expect(answer.status).toBe(expected);
});

it('refuses in the words of the real service', async () => {
  const { status, body } = await graph.call(await graph.personToken('admin', ''), 'GET', '/applications');
  expect(status).toBe(403);
  expect(body.error).toMatchObject({
    code: 'Authorization_RequestDenied',
    message: 'Insufficient privileges to complete the operation.',
  });
});

it('lets any member register an application and manage it as its owner, but no other one', async () => {
  const sales = await graph.personToken('sales', everyScope);
  const [own, foreign] = [await register(sales), await register(adminToken)];
  const status = async (id: string) =>
    (await graph.call(sales, 'PATCH', `/applications/${id}`, { displayName: 'New' })).status;
  expect([await status(own.id), await status(foreign.id)]).toEqual([204, 403]);
  const principal = async (appId: string) =>
    (await graph.call(sales, 'POST', '/servicePrincipals', { appId })).status;
  expect([await principal(own.appId), await principal(foreign.appId)]).toEqual([201, 403]);
});

it('asks for an administrator to grant consent, whatever the scopes of the token', async () => {
  const sales = await graph.personToken('sales', `${everyScope} Directory.AccessAsUser.All`);
  const { appId } = await register(sales);
  const client = await graph.call(sales, 'POST', '/servicePrincipals', { appId });
  const grant = {
    clientId: client.body.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: await principalOf('00000007-0000-0000-c000-000000000000'),
    scope: 'user_impersonation',
  };
  expect((await graph.call(sales, 'POST', '/oauth2PermissionGrants', grant)).status).toBe(403);
  expect((await graph.call(adminToken, 'POST', '/oauth2PermissionGrants', grant)).status).toBe(201);
});

it('lets Application Administrators give roles of other APIs than Graph', async () => {
  updateUserProfile(graph.context.directory, graph.idOf('sales'), {
    directoryRoles: ['Application Administrator'],
  });
  const token = await graph.personToken('sales', everyScope);
  const { appId } = await register(token);
  const client = (await graph.call(token, 'POST', '/servicePrincipals', { appId })).body.id;
  const assign = async (resourceAppId: string, appRoleId: string) => {
    const resourceId = await principalOf(resourceAppId);
    const { status } = await graph.call(token, 'POST', `/servicePrincipals/${resourceId}/appRoleAssignedTo`, {
      principalId: client,
      resourceId,
      appRoleId,
    });
    return status;
  };
  const crm = '00000007-0000-0000-c000-000000000000';
  const microsoftGraph = '00000003-0000-0000-c000-000000000000';
  expect(await assign(crm, '00000000-0000-0000-0000-000000000000')).toBe(201);
  expect(await assign(microsoftGraph, '498476ce-e0fe-48b0-b801-37ba7e2685c6')).toBe(403);
});

it('lets an application with OwnedBy manage what it made and nothing else', async () => {
  const { appId } = await register(adminToken);
  const { body } = await graph.call(adminToken, 'POST', '/servicePrincipals', { appId });
  const token = await graph.applicationToken(body.id, ['Application.ReadWrite.OwnedBy']);
  const [own, foreign] = [await register(token), await register(adminToken)];
  const addPassword = async (id: string) =>
    (await graph.call(token, 'POST', `/applications/${id}/addPassword`, {})).status;
  expect([await addPassword(own.id), await addPassword(foreign.id)]).toEqual([200, 403]);
});

it('tells an application that only a person has a me', async () => {
  const principalId = await principalOf('00000003-0000-0000-c000-000000000000');
  const token = await graph.applicationToken(principalId, ['User.Read.All']);
  const { status, body } = await graph.call(token, 'GET', '/me');
  expect([status, body.error.message]).toEqual([
    400,
    '/me request is only valid with delegated authentication flow.',
  ]);
});

it('gives an application without any role nothing', async () => {
  const principalId = await principalOf('00000003-0000-0000-c000-000000000000');
  const token = await graph.applicationToken(principalId, []);
  expect((await graph.call(token, 'GET', '/applications')).status).toBe(403);
});
