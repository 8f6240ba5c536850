import { beforeEach, expect, it } from 'vitest';
import { makeClientCertificate } from '../../jwt/testing/client-certificate.ts';
import { everyScope, type GraphTestClient, openGraph } from '../testing/open-graph.ts';

let graph: GraphTestClient;
let token: string;
let appId: string;
let applicationId: string;

beforeEach(async () => {
  graph = await openGraph();
  token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', {
    displayName: 'Nightly',
    signInAudience: 'AzureADMyOrg',
  });
  ({ appId, id: applicationId } = body);
});

const prefer = { prefer: 'create-if-missing' };
const byAppId = () => `/servicePrincipals(appId='${appId}')`;
const create = (body: object = {}) => graph.call(token, 'POST', '/servicePrincipals', { appId, ...body });
const change = (body: object, headers = {}) => graph.call(token, 'PATCH', byAppId(), body, headers);
const read = async (query = '') => (await graph.call(token, 'GET', `${byAppId()}${query}`)).body;

/** What Graph's reference lists, what answers leave out unless it is selected at the end. */
const documented =
  'accountEnabled addIns alternativeNames appDescription appDisplayName appId applicationTemplateId appOwnerOrganizationId appRoleAssignmentRequired appRoles createdDateTime deletedDateTime description disabledByMicrosoftStatus displayName homepage id info keyCredentials loginUrl logoutUrl notes notificationEmailAddresses oauth2PermissionScopes passwordCredentials preferredSingleSignOnMode preferredTokenSigningKeyThumbprint replyUrls resourceSpecificApplicationPermissions samlSingleSignOnSettings servicePrincipalNames servicePrincipalType signInAudience tags tokenEncryptionKeyId verifiedPublisher createdByAppId customSecurityAttributes isDisabled'.split(
    ' ',
  );

it.each(documented)('selects %s', async (name) => {
  await create();
  const answer = await graph.call(token, 'GET', `${byAppId()}?$select=${name}`);
  expect([answer.status, Object.keys(answer.body)]).toEqual([200, ['@odata.context', name]]);
});

it('answers all of them but three unasked', async () => {
  await create();
  const { '@odata.context': _context, ...properties } = await read();
  expect(Object.keys(properties).sort()).toEqual(documented.slice(0, -3).sort());
});

it.each<[string, unknown]>([
  ['accountEnabled', false],
  ['alternativeNames', ['isExplicit=True']],
  ['appRoleAssignmentRequired', true],
  ['description', 'Runs at night'],
  ['loginUrl', 'https://x.example/login'],
  ['notes', 'Ask Megan'],
  ['notificationEmailAddresses', ['megan@x.example']],
  ['preferredSingleSignOnMode', 'saml'],
  ['preferredTokenSigningKeyThumbprint', '5DBD1FA7'],
  ['samlSingleSignOnSettings', { relayState: '/home' }],
  ['tags', ['HideApp']],
  ['tokenEncryptionKeyId', 'c0ffee00-0000-4000-8000-000000000002'],
])('keeps %s as a create or an update gives it', async (name, value) => {
  const made = await create({ [name]: value });
  expect([made.status, made.body[name]]).toEqual([201, value]);
  await graph.call(token, 'DELETE', byAppId());
  await create();
  expect((await change({ [name]: value })).status).toBe(204);
  expect((await read())[name]).toEqual(value);
  expect((await change({ [name]: 5 })).status).toBe(400);
});

it('shows its application’s tags beside its own', async () => {
  await create({ tags: ['HideApp'] });
  await graph.call(token, 'PATCH', `/applications/${applicationId}`, { tags: ['night', 'HideApp'] });
  expect((await read()).tags).toEqual(['HideApp', 'night']);
});

it('takes certificates, and no secrets, by an update', async () => {
  await create();
  const { certificate } = await makeClientCertificate(graph.clock.now());
  expect((await change({ keyCredentials: [{ key: certificate }] })).status).toBe(204);
  expect((await read('?$select=keyCredentials')).keyCredentials).toMatchObject([{ key: certificate }]);
  expect((await read()).keyCredentials).toMatchObject([{ key: null }]);
  await graph.call(token, 'POST', `${byAppId()}/addPassword`);
  expect((await change({ passwordCredentials: [] })).status).toBe(400);
  expect((await read()).passwordCredentials).toHaveLength(1);
});

it('follows its application in the rest, which it takes unchanged alone', async () => {
  await create();
  const { '@odata.context': _context, ...whole } = await read();
  expect((await change({ ...whole, notes: 'kept' })).status).toBe(204);
  for (const name of ['appId', 'homepage', 'replyUrls', 'servicePrincipalNames']) {
    const { status, body } = await change({ [name]: 'mine' });
    expect([status, body.error]).toMatchObject([400, { details: [{ target: name }] }]);
  }
});

it('is made by its application’s id where that is preferred, and changed from then on', async () => {
  const upsert = (headers = {}) => graph.call(token, 'PATCH', byAppId(), { tags: ['HideApp'] }, headers);
  expect((await upsert()).status).toBe(404);
  const made = await upsert(prefer);
  expect([made.status, made.body]).toMatchObject([201, { appId, tags: ['HideApp'], displayName: 'Nightly' }]);
  expect(made.headers.location).toBe(`http://localhost:4482/v1.0/servicePrincipals/${made.body.id}`);
  expect((await upsert(prefer)).status).toBe(204);
  expect((await read()).id).toBe(made.body.id);
});

it('has a name of its own, until its application is renamed', async () => {
  const rename = (displayName: string) => change({ displayName }, prefer);
  expect((await rename('My app instance')).status).toBe(201);
  const applicationPath = `/applications/${applicationId}`;
  await graph.call(token, 'PATCH', applicationPath, { notes: 'kept' });
  expect(await read()).toMatchObject({ displayName: 'My app instance', appDisplayName: 'Nightly' });
  expect((await rename('Another')).status).toBe(204);
  expect((await read()).displayName).toBe('Another');
  expect((await rename('')).status).toBe(400);
  await graph.call(token, 'PATCH', applicationPath, { displayName: 'Daily' });
  expect(await read()).toMatchObject({ displayName: 'Daily', appDisplayName: 'Daily' });
});

it('is not made of an application that is not there, nor by its own id', async () => {
  const id = 'c0ffee00-0000-4000-8000-000000000000';
  const upsert = (key: string) => graph.call(token, 'PATCH', `/servicePrincipals${key}`, {}, prefer);
  const { status, body } = await upsert(`(appId='${id}')`);
  expect([status, body.error]).toMatchObject([400, { details: [{ code: 'NoBackingApplicationObject' }] }]);
  expect((await upsert(`/${id}`)).status).toBe(404);
});

it('is made of the application that its address names, and of no other', async () => {
  const upsert = (body: object) => graph.call(token, 'PATCH', byAppId(), body, prefer);
  const { status, body } = await upsert({ appId: 'c0ffee00-0000-4000-8000-000000000000' });
  expect([status, body.error]).toMatchObject([400, { details: [{ target: 'appId' }] }]);
  expect((await upsert({ appId: appId.toUpperCase() })).status).toBe(201);
});

it('belongs to those whom its create names as owners', async () => {
  const link = `https://graph.microsoft.com/v1.0/directoryObjects/${graph.idOf('sales')}`;
  const made = await create({ 'owners@odata.bind': [link] });
  expect(made.status).toBe(201);
  const { body } = await graph.call(token, 'GET', `${byAppId()}/owners`);
  expect(body.value).toMatchObject([{ id: graph.idOf('sales') }]);
});
