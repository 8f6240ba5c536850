import { beforeEach, expect, it } from 'vitest';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let path: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'Whole' });
  path = `/applications/${body.id}`;
});

const read = async (query = '') => (await graph.call(token, 'GET', `${path}${query}`)).body;
const change = (body: object) => graph.call(token, 'PATCH', path, body);

/** What Graph's reference lists, those that answers leave out unless they are selected at the end. */
const documented =
  'addIns api appId applicationTemplateId appRoles certification createdDateTime defaultRedirectUri deletedDateTime description disabledByMicrosoftStatus displayName groupMembershipClaims id identifierUris info isDeviceOnlyAuthSupported isFallbackPublicClient keyCredentials nativeAuthenticationApisEnabled notes optionalClaims parentalControlSettings passwordCredentials publicClient publisherDomain requestSignatureVerification requiredResourceAccess samlMetadataUrl serviceManagementReference servicePrincipalLockConfiguration signInAudience spa tags tokenEncryptionKeyId uniqueName verifiedPublisher web authenticationBehaviors createdByAppId isDisabled logo oauth2RequirePostResponse'.split(
    ' ',
  );

it.each(documented)('selects %s', async (name) => {
  const answer = await graph.call(token, 'GET', `${path}?$select=${name}`);
  expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['@odata.context', name]]);
});

it('answers all of them but five unasked', async () => {
  const { '@odata.context': _context, ...properties } = await read();
  expect(Object.keys(properties).sort()).toEqual(documented.slice(0, -5).sort());
});

const addIn = { id: 'c0ffee00-0000-4000-8000-000000000001', type: 'FileHandler' };

it.each<[string, unknown]>([
  ['addIns', [{ ...addIn, properties: [{ key: 'icon', value: 'https://x.example/icon.png' }] }]],
  ['authenticationBehaviors', { removeUnverifiedEmailClaim: true, blockAzureADGraphAccess: null }],
  ['defaultRedirectUri', 'https://x.example/'],
  ['isDeviceOnlyAuthSupported', true],
  ['nativeAuthenticationApisEnabled', 'all'],
  ['oauth2RequirePostResponse', true],
  [
    'parentalControlSettings',
    { countriesBlockedForMinors: ['DE'], legalAgeGroupRule: 'RequireConsentForKids' },
  ],
  ['requestSignatureVerification', { isSignedRequestRequired: true, allowedWeakAlgorithms: 'rsaSha1' }],
  ['samlMetadataUrl', 'https://x.example/metadata.xml'],
  ['serviceManagementReference', '96524024'],
  ['servicePrincipalLockConfiguration', { isEnabled: true, allProperties: true }],
  ['tokenEncryptionKeyId', 'c0ffee00-0000-4000-8000-000000000002'],
])('keeps %s as it is given', async (name, value) => {
  expect((await change({ [name]: value })).status).toBe(204);
  expect(await read(`?$select=${name}`)).toMatchObject({ [name]: value });
  const copy = await graph.call(token, 'POST', '/applications', { displayName: 'Copy', [name]: value });
  expect(copy.status).toBe(201);
  expect((await change({ [name]: 5 })).status).toBe(400);
});

it('keeps the parts of a value that a change leaves out', async () => {
  await change({ servicePrincipalLockConfiguration: { isEnabled: true } });
  await change({ servicePrincipalLockConfiguration: { allProperties: true } });
  await change({ web: { redirectUriSettings: [{ uri: 'https://x.example/', index: 1 }] } });
  await change({ web: { implicitGrantSettings: { enableIdTokenIssuance: true } } });
  await change({ web: { implicitGrantSettings: { enableAccessTokenIssuance: true } } });
  expect(await read()).toMatchObject({
    servicePrincipalLockConfiguration: {
      isEnabled: true,
      allProperties: true,
      credentialsWithUsageVerify: null,
    },
    web: {
      redirectUriSettings: [{ uri: 'https://x.example/', index: 1 }],
      implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: true },
    },
  });
  await change({ servicePrincipalLockConfiguration: null });
  expect((await read()).servicePrincipalLockConfiguration).toBeNull();
});

it('gives an add-in without an id one', async () => {
  await change({ addIns: [{ type: 'FileHandler' }] });
  const { addIns } = await read();
  expect(addIns).toEqual([
    { id: expect.stringMatching(/^[0-9a-f-]{36}$/), type: 'FileHandler', properties: [] },
  ]);
});

it.each([
  { addIns: [{ properties: [] }] },
  { web: { redirectUriSettings: [{ uri: 'https://x.example/', index: 0.5 }] } },
  { nativeAuthenticationApisEnabled: 'some' },
  { api: { requestedAccessTokenVersion: 3 } },
])('refuses %j', async (body) => {
  const { status, body: answer } = await change(body);
  expect([status, answer.error.code]).toEqual([400, 'Request_BadRequest']);
});

it('takes an application back whole, and what only the service sets unchanged alone', async () => {
  const { '@odata.context': _context, ...whole } = await read();
  expect((await change({ ...whole, notes: 'kept' })).status).toBe(204);
  expect((await read()).notes).toBe('kept');
  for (const name of ['uniqueName', 'certification', 'disabledByMicrosoftStatus', 'publisherDomain']) {
    const { status, body } = await change({ [name]: 'mine' });
    expect([status, body.error]).toMatchObject([400, { details: [{ target: name }] }]);
  }
});
