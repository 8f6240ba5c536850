import { wellKnownIds } from '@latchkey/microsoft';
import { beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { createApplication } from '../../directory/applications.ts';
import { textLike } from '../../testing/expected.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
});

const crmPermission = {
  resourceAppId: '00000007-0000-0000-c000-000000000000',
  resourceAccess: [{ id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4', type: 'Scope' }],
};

async function create(properties: object = {}) {
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
    ...properties,
  });
  return body;
}

it('makes an application and answers 201 with every field of the real resource', async () => {
  const { status, body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
    web: { redirectUris: ['https://hub.example/callback'] },
    requiredResourceAccess: [crmPermission],
  });
  expect(status).toBe(201);
  expect(body).toEqual({
    '@odata.context': 'http://localhost:4482/v1.0/$metadata#applications/$entity',
    id: textLike(/^[0-9a-f-]{36}$/),
    deletedDateTime: null,
    appId: textLike(/^[0-9a-f-]{36}$/),
    applicationTemplateId: null,
    disabledByMicrosoftStatus: null,
    createdDateTime: '2026-01-15T10:00:00Z',
    displayName: 'CRM integration',
    description: null,
    groupMembershipClaims: null,
    identifierUris: [],
    isDeviceOnlyAuthSupported: null,
    isFallbackPublicClient: null,
    nativeAuthenticationApisEnabled: null,
    notes: null,
    publisherDomain: 'contoso.onmicrosoft.com',
    serviceManagementReference: null,
    signInAudience: 'AzureADMyOrg',
    tags: [],
    tokenEncryptionKeyId: null,
    uniqueName: null,
    samlMetadataUrl: null,
    defaultRedirectUri: null,
    certification: null,
    optionalClaims: null,
    servicePrincipalLockConfiguration: null,
    requestSignatureVerification: null,
    addIns: [],
    api: {
      acceptMappedClaims: null,
      knownClientApplications: [],
      requestedAccessTokenVersion: null,
      oauth2PermissionScopes: [],
      preAuthorizedApplications: [],
    },
    appRoles: [],
    info: {
      logoUrl: null,
      marketingUrl: null,
      privacyStatementUrl: null,
      supportUrl: null,
      termsOfServiceUrl: null,
    },
    keyCredentials: [],
    parentalControlSettings: { countriesBlockedForMinors: [], legalAgeGroupRule: 'Allow' },
    passwordCredentials: [],
    publicClient: { redirectUris: [] },
    requiredResourceAccess: [crmPermission],
    verifiedPublisher: { displayName: null, verifiedPublisherId: null, addedDateTime: null },
    web: {
      homePageUrl: null,
      logoutUrl: null,
      redirectUris: ['https://hub.example/callback'],
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: false },
      redirectUriSettings: [],
    },
    spa: { redirectUris: [] },
  });
});

it('makes no service principal along with an application', async () => {
  const { appId } = await create();
  const { body } = await graph.call(token, 'GET', `/servicePrincipals?$filter=appId eq '${appId}'`);
  expect(body.value).toEqual([]);
});

it('takes the audience with personal accounts, and v2 tokens, when the caller names none', async () => {
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'Anybody' });
  expect(body).toMatchObject({
    signInAudience: 'AzureADandPersonalMicrosoftAccount',
    api: { requestedAccessTokenVersion: 2 },
  });
});

it('finds an application by object id, by key form, by filter, and by name whatever the case', async () => {
  const { id, appId } = await create();
  for (const path of [`/applications/${id}`, `/applications(appId='${appId}')`, `/applications('${id}')`]) {
    expect((await graph.call(token, 'GET', path)).body).toMatchObject({ id, appId });
  }
  for (const filter of [`appId eq '${appId}'`, "displayName eq 'crm INTEGRATION'"]) {
    const { body } = await graph.call(token, 'GET', `/applications?$filter=${encodeURIComponent(filter)}`);
    expect(body.value).toMatchObject([{ id, appId }]);
  }
});

it("doesn't tell of Microsoft's own applications", async () => {
  const graphAppId = '00000003-0000-0000-c000-000000000000';
  const listed = await graph.call(token, 'GET', `/applications?$filter=appId eq '${graphAppId}'`);
  expect(listed.body.value).toEqual([]);
  expect((await graph.call(token, 'GET', `/applications(appId='${graphAppId}')`)).status).toBe(404);
});

it('merges complex properties and replaces arrays whole on update', async () => {
  const { id } = await create({
    web: { redirectUris: ['https://hub.example/a'], homePageUrl: 'https://hub.example' },
  });
  const { status } = await graph.call(token, 'PATCH', `/applications/${id}`, {
    displayName: 'Renamed',
    web: { redirectUris: ['https://hub.example/b', 'http://localhost:8080/c'] },
  });
  expect(status).toBe(204);
  expect((await graph.call(token, 'GET', `/applications/${id}`)).body).toMatchObject({
    displayName: 'Renamed',
    web: {
      homePageUrl: 'https://hub.example',
      redirectUris: ['https://hub.example/b', 'http://localhost:8080/c'],
    },
  });
});

it('carries an update to the service principal of the home tenant', async () => {
  const { id, appId } = await create();
  await graph.call(token, 'POST', '/servicePrincipals', { appId });
  await graph.call(token, 'PATCH', `/applications/${id}`, {
    displayName: 'Renamed',
    identifierUris: [`api://${appId}`],
  });
  expect((await graph.call(token, 'GET', `/servicePrincipals(appId='${appId}')`)).body).toMatchObject({
    displayName: 'Renamed',
    servicePrincipalNames: [appId, `api://${appId}`],
  });
});

const guid = 'c0ffee00-0000-4000-8000-000000000000';

it.each([
  ['no name', { displayName: undefined }, "A value is required for property 'displayName'"],
  ['an empty name', { displayName: ' ' }, 'must not be empty'],
  ['a name over 120 characters', { displayName: 'x'.repeat(121) }, 'more than 120 characters'],
  [
    'a name over 90 characters where personal accounts sign in',
    { displayName: 'x'.repeat(91), signInAudience: 'AzureADandPersonalMicrosoftAccount' },
    'more than 90 characters',
  ],
  ['an unknown audience', { signInAudience: 'Everybody' }, 'Expected one of AzureADMyOrg'],
  ['an unknown property', { colour: 'red' }, "Invalid property 'colour'"],
  ['an unknown nested property', { web: { redirectUri: 'x' } }, "Invalid property 'web.redirectUri'"],
  ['a redirect URI that is no text', { web: { redirectUris: [1] } }, 'Expected a string'],
  ['redirect URIs that are no array', { web: { redirectUris: 'https://a.example' } }, 'Expected an array'],
  ['a plain-http redirect URI', { web: { redirectUris: ['http://a.example'] } }, 'must begin with https'],
  ['an own secret', { passwordCredentials: [{ secretText: 'x' }] }, 'made by addPassword'],
  ['a resource without id', { requiredResourceAccess: [{ resourceAccess: [] }] }, 'Expected a GUID'],
  [
    'an unknown kind of permission',
    { requiredResourceAccess: [{ resourceAppId: guid, resourceAccess: [{ id: guid, type: 'All' }] }] },
    'Expected one of Scope, Role',
  ],
  ['one resource twice', { requiredResourceAccess: [crmPermission, crmPermission] }, 'may be there once'],
  [
    'more than 400 permissions',
    {
      requiredResourceAccess: [
        {
          resourceAppId: guid,
          resourceAccess: Array.from({ length: 401 }, () => ({ id: guid, type: 'Role' })),
        },
      ],
    },
    'more than 400 permissions',
  ],
  [
    'v1 tokens for personal accounts',
    { signInAudience: 'PersonalMicrosoftAccount', api: { requestedAccessTokenVersion: 1 } },
    'It must be 2',
  ],
  ['an unverified domain', { identifierUris: ['https://elsewhere.example'] }, 'verified domain'],
])('refuses %s with 400', async (_case, properties, message) => {
  const { status, body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'CRM integration',
    signInAudience: 'AzureADMyOrg',
    ...properties,
  });
  expect(status).toBe(400);
  expect(body.error.code).toBe('Request_BadRequest');
  expect(body.error.message).toContain(message);
});

it('refuses an identifier URI that another application has', async () => {
  await create({ identifierUris: ['api://crm'] });
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Second',
    identifierUris: ['api://crm'],
  });
  expect(body.error.message).toBe(
    'Another object with the same value for property identifierUris already exists.',
  );
});

it('keeps what an API offers and refuses the same permission twice', async () => {
  const scope = {
    id: guid,
    value: 'read',
    type: 'User',
    adminConsentDisplayName: 'Read',
    adminConsentDescription: 'Read everything',
  };
  const body = await create({ api: { oauth2PermissionScopes: [scope] } });
  expect(body.api).toMatchObject({ oauth2PermissionScopes: [{ ...scope, isEnabled: true }] });
  const { status } = await graph.call(token, 'PATCH', `/applications/${body.id}`, {
    api: { oauth2PermissionScopes: [scope, scope] },
  });
  expect(status).toBe(400);
});

it('deletes softly: the application and its service principal are gone, and can be restored by half', async () => {
  const { id, appId } = await create();
  await graph.call(token, 'POST', '/servicePrincipals', { appId });
  expect((await graph.call(token, 'DELETE', `/applications/${id}`)).status).toBe(204);
  expect((await graph.call(token, 'GET', `/applications/${id}`)).status).toBe(404);
  const deleted = await graph.call(token, 'GET', '/directory/deletedItems/microsoft.graph.application');
  expect(deleted.body.value).toMatchObject([{ id, deletedDateTime: '2026-01-15T10:00:00Z' }]);

  const restored = await graph.call(token, 'POST', `/directory/deletedItems/${id}/restore`);
  expect([restored.status, restored.body.id, restored.body.deletedDateTime]).toEqual([200, id, null]);
  expect((await graph.call(token, 'GET', `/applications/${id}`)).status).toBe(200);
  // The documented half: the service principal stays away.
  expect((await graph.call(token, 'GET', `/servicePrincipals(appId='${appId}')`)).status).toBe(404);
});

it('deletes for good on request, and by itself after thirty days', async () => {
  const [first, second] = [await create(), await create()];
  for (const { id } of [first, second]) await graph.call(token, 'DELETE', `/applications/${id}`);
  expect((await graph.call(token, 'DELETE', `/directory/deletedItems('${first.id}')`)).status).toBe(204);
  expect((await graph.call(token, 'GET', `/directory/deletedItems/${first.id}`)).status).toBe(404);
  expect((await graph.call(token, 'GET', `/directory/deletedItems/${second.id}`)).status).toBe(200);
  graph.clock.advance(30 * 24 * 3_600_000 + 1);
  token = await graph.personToken('admin', everyScope);
  expect((await graph.call(token, 'GET', `/directory/deletedItems/${second.id}`)).status).toBe(404);
});

it('refuses to ask more than ten APIs of other tenants', async () => {
  const resources = Array.from({ length: 11 }, () => graph.context.random.guid());
  for (const appId of resources) {
    createApplication(graph.context.directory, {
      id: graph.context.random.guid(),
      tenantId: wellKnownIds.microsoftServicesTenant,
      appId,
      displayName: 'API',
      createdAt: graph.clock.now(),
      document: emptyApplicationDocument(null),
    });
  }
  const { id } = await create();
  const ask = (appIds: string[]) =>
    graph.call(token, 'PATCH', `/applications/${id}`, {
      requiredResourceAccess: appIds.map((resourceAppId) => ({ ...crmPermission, resourceAppId })),
    });
  expect((await ask(resources.slice(1))).status).toBe(204);
  expect((await ask(resources)).body.error.message).toContain('more than 10 resources of other tenants');
});

it('refuses an identifier that is none', async () => {
  const { status, body } = await graph.call(token, 'GET', '/applications/abc');
  expect([status, body.error.message]).toEqual([400, "Invalid object identifier 'abc'."]);
});

it('shows every member of optional claims, those that were left out with their empty values', async () => {
  const { id } = await create({ optionalClaims: { idToken: [{ name: 'auth_time', essential: 'true' }] } });
  const { body } = await graph.call(token, 'GET', `/applications/${id}`);
  expect(body.optionalClaims).toEqual({
    idToken: [{ name: 'auth_time', source: null, essential: true, additionalProperties: [] }],
    accessToken: [],
    saml2Token: [],
  });
  const nameless = { optionalClaims: { accessToken: [{ source: 'user' }] } };
  expect((await graph.call(token, 'PATCH', `/applications/${id}`, nameless)).status).toBe(400);
});
