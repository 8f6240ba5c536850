import { beforeEach, expect, it } from 'vitest';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

const crmAppId = '00000007-0000-0000-c000-000000000000';

async function register() {
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
    web: { redirectUris: ['https://hub.example/cb'] },
  });
  return body.appId;
}

it('makes a service principal with every field of the real one', async () => {
  const appId = await register();
  const { status, body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  expect(status).toBe(201);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#servicePrincipals/$entity',
    id: textLike(/^[0-9a-f-]{36}$/),
    deletedDateTime: null,
    accountEnabled: true,
    alternativeNames: [],
    appDisplayName: 'CRM integration',
    appDescription: null,
    appId,
    applicationTemplateId: null,
    appOwnerOrganizationId: graph.tenantId,
    appRoleAssignmentRequired: false,
    createdDateTime: '2026-01-15T10:00:00Z',
    description: null,
    disabledByMicrosoftStatus: null,
    displayName: 'CRM integration',
    homepage: null,
    loginUrl: null,
    logoutUrl: null,
    notes: null,
    notificationEmailAddresses: [],
    preferredSingleSignOnMode: null,
    preferredTokenSigningKeyThumbprint: null,
    replyUrls: ['https://hub.example/cb'],
    servicePrincipalNames: [appId],
    servicePrincipalType: 'Application',
    signInAudience: 'AzureADMyOrg',
    tags: [],
    tokenEncryptionKeyId: null,
    samlSingleSignOnSettings: null,
    addIns: [],
    appRoles: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: [],
    oauth2PermissionScopes: [],
    passwordCredentials: [],
    resourceSpecificApplicationPermissions: [],
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
  });
});

it('refuses a second one for the same application with 409', async () => {
  const appId = await register();
  await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const { status, body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  expect(status).toBe(409);
  expect(body.error).toMatchObject({
    code: 'Request_MultipleObjectsWithSameKeyValue',
    message: `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
  });
});

it('refuses an application that there is not with NoBackingApplicationObject', async () => {
  const appId = 'c0ffee00-0000-4000-8000-000000000000';
  const { status, body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  expect(status).toBe(400);
  expect(body.error).toMatchObject({
    code: 'Request_BadRequest',
    message: `The appId '${appId}' of the service principal does not reference a valid application object.`,
    details: [{ code: 'NoBackingApplicationObject', target: 'appId' }],
  });
});

it('has the service principal of Dynamics CRM from the start, with its one scope and no roles', async () => {
  const { body } = await graph.call(token, 'GET', `/servicePrincipals?$filter=appId eq '${crmAppId}'`);
  expect(body.value).toMatchObject([
    {
      displayName: 'Dynamics CRM',
      appRoles: [],
      oauth2PermissionScopes: [{ id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', value: 'user_impersonation' }],
    },
  ]);
});

it('finds service principals by one of their names', async () => {
  const filter = "servicePrincipalNames/any(n:n eq 'https://graph.microsoft.com')";
  const { body } = await graph.call(
    token,
    'GET',
    `/servicePrincipals?$filter=${encodeURIComponent(filter)}&$select=displayName`,
  );
  expect(body.value).toEqual([{ displayName: 'Microsoft Graph' }]);
});

it('switches a service principal off', async () => {
  const appId = await register();
  const { body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  await graph.call(token, 'PATCH', `/servicePrincipals/${body.id}`, { accountEnabled: false });
  const read = await graph.call(token, 'GET', `/servicePrincipals/${body.id}`);
  expect(read.body.accountEnabled).toBe(false);
});

it('deletes a service principal with its grants, and leaves the application', async () => {
  const appId = await register();
  const { body } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const crm = await graph.call(token, 'GET', `/servicePrincipals(appId='${crmAppId}')`);
  await graph.call(token, 'POST', '/oauth2PermissionGrants', {
    clientId: body.id,
    consentType: 'AllPrincipals',
    principalId: null,
    resourceId: crm.body.id,
    scope: 'user_impersonation',
  });
  const grants = async (path: string) => (await graph.call(token, 'GET', path)).body.value;
  expect(await grants(`/servicePrincipals/${body.id}/oauth2PermissionGrants`)).toHaveLength(1);
  expect((await graph.call(token, 'DELETE', `/servicePrincipals(appId='${appId}')`)).status).toBe(204);
  expect((await graph.call(token, 'GET', `/servicePrincipals/${body.id}`)).status).toBe(404);
  expect(await grants('/oauth2PermissionGrants')).toEqual([]);
  expect((await graph.call(token, 'GET', `/applications(appId='${appId}')`)).status).toBe(200);
});

it('lets an owner delete the service principal of their application, and nobody delete Microsoft’s', async () => {
  const sales = await graph.personToken('sales', 'Application.ReadWrite.All');
  const { body: own } = await graph.call(sales, 'POST', '/applications', { displayName: 'Own' });
  await graph.call(sales, 'POST', '/servicePrincipals', { appId: own.appId });
  const remove = async (appId: string) =>
    (await graph.call(sales, 'DELETE', `/servicePrincipals(appId='${appId}')`)).status;
  expect(await remove(own.appId)).toBe(204);
  expect(await remove(crmAppId)).toBe(403);
});

it('asks for the application that a service principal is to stand for', async () => {
  const { status, body } = await graph.call(token, 'POST', '/servicePrincipals', {});
  expect(status).toBe(400);
  expect(body.error).toMatchObject({ details: [{ code: 'PropertyRequired', target: 'appId' }] });
});

it('tells its permissions by themselves, as clients that list them ask', async () => {
  const path = `/servicePrincipals(appId='${crmAppId}')`;
  const { body: principal } = await graph.call(token, 'GET', path);
  const scopes = await graph.call(token, 'GET', `${path}/oauth2PermissionScopes`);
  expect([scopes.status, scopes.body]).toEqual([
    200,
    {
      '@odata.context': `http://localhost:4482/v1.0/$metadata#servicePrincipals('${principal.id}')/oauth2PermissionScopes`,
      value: principal.oauth2PermissionScopes,
    },
  ]);
  const roles = await graph.call(token, 'GET', `/servicePrincipals/${principal.id}/appRoles`);
  expect(roles.body.value).toEqual([]);
});

it('expands what was granted to it and on it', async () => {
  const appId = await register();
  const { body: principal } = await graph.call(token, 'POST', '/servicePrincipals', { appId });
  const { body: crm } = await graph.call(token, 'GET', `/servicePrincipals(appId='${crmAppId}')`);
  await graph.call(token, 'POST', '/oauth2PermissionGrants', {
    clientId: principal.id,
    consentType: 'AllPrincipals',
    resourceId: crm.id,
    scope: 'user_impersonation',
  });
  await graph.call(token, 'POST', `/servicePrincipals/${crm.id}/appRoleAssignedTo`, {
    principalId: principal.id,
    resourceId: crm.id,
    appRoleId: '00000000-0000-0000-0000-000000000000',
  });
  const expand = async (of: string, relation: string) =>
    (await graph.call(token, 'GET', `/servicePrincipals/${of}?$expand=${relation}`)).body[relation];
  const assigned = [expect.objectContaining({ principalId: principal.id, resourceId: crm.id })];
  expect(await expand(principal.id, 'appRoleAssignments')).toEqual(assigned);
  expect(await expand(crm.id, 'appRoleAssignedTo')).toEqual(assigned);
  expect(await expand(principal.id, 'oauth2PermissionGrants')).toMatchObject([
    { scope: 'user_impersonation' },
  ]);
  expect(await expand(crm.id, 'appRoleAssignments')).toEqual([]);
});

it('shows all permissions of Microsoft Graph', async () => {
  const path = `/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')`;
  const { body } = await graph.call(token, 'GET', `${path}?$select=appRoles,oauth2PermissionScopes`);
  expect(body.appRoles).toHaveLength(534);
  expect(body.oauth2PermissionScopes).toHaveLength(598);
  expect(body.oauth2PermissionScopes).toContainEqual(
    expect.objectContaining({ value: 'Mail.Send', id: 'e383f46e-2787-4529-855e-0e479a3ffac0', type: 'User' }),
  );
  const roles = await graph.call(token, 'GET', `${path}/appRoles`);
  expect(roles.body.value).toEqual(body.appRoles);
});
