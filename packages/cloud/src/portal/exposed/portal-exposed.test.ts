import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import {
  hiddenFields,
  openTestPortal,
  type PortalBrowser,
  type TestPortal,
} from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;
let api: string;
let roles: string;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
  id = await browser.register();
  api = `/app-registrations/${id}/expose-an-api`;
  roles = `/app-registrations/${id}/app-roles`;
});

afterEach(() => portal.close());

const application = () => findApplication(portal.context.directory, portal.tenant.id, id);
const scopes = () => application()?.document.api.oauth2PermissionScopes ?? [];
const scope = {
  value: 'Files.Read',
  consent: 'Admin',
  'admin-name': 'Read files',
  'admin-description': 'Reads the files of the signed-in person.',
  state: 'enabled',
};
const addScope = (fields: Record<string, string> = scope) =>
  browser.send(`${api}/scopes/new`, `${api}/scopes/new`, fields);

it('adds a scope, with the Application ID URI that it is asked for by', async () => {
  const { html } = await addScope();
  const appId = application()?.appId ?? '';
  expect(html).toContain(`api://${appId}/Files.Read`);
  expect(application()?.document.identifierUris).toEqual([`api://${appId}`]);
  expect(scopes()).toMatchObject([{ value: 'Files.Read', type: 'Admin', isEnabled: true }]);
  // Clients meet it at the service principal.
  const principal = findServicePrincipalByAppId(portal.context.directory, portal.tenant.id, appId);
  expect(principal?.document.oauth2PermissionScopes).toMatchObject([{ value: 'Files.Read' }]);
});

it('changes, disables and deletes a scope', async () => {
  await addScope();
  const page = `${api}/scopes/${scopes()[0]?.id}`;
  await browser.send(page, page, { ...scope, 'admin-name': 'Read all files', state: 'disabled' });
  expect(scopes()).toMatchObject([{ adminConsentDisplayName: 'Read all files', isEnabled: false }]);
  expect((await browser.send(page, `${page}/remove`)).html).toContain('was deleted');
  expect(scopes()).toEqual([]);
  expect((await browser.open(page)).status).toBe(404);
});

it('keeps what was typed when a scope is refused', async () => {
  const { html } = await addScope({ ...scope, 'admin-description': '' });
  expect(html).toContain('role="alert"');
  expect(html).toContain('value="Read files"');
  await addScope();
  expect((await addScope()).html).toContain('duplicate value');
});

it('sets and removes the Application ID URI by the rules of Graph', async () => {
  const save = (uri: string) => browser.send(api, `${api}/uri`, { uri });
  expect((await save('https://evil.example/api')).html).toContain('must use a verified domain');
  await save('https://contoso.onmicrosoft.com/api');
  expect(application()?.document.identifierUris).toEqual(['https://contoso.onmicrosoft.com/api']);
  await save('');
  expect(application()?.document.identifierUris).toEqual([]);
});

it('authorizes a client ahead, and takes it back', async () => {
  await addScope();
  const client = '11111111-1111-4111-8111-111111111111';
  const authorize = (fields: Record<string, string>) => browser.send(api, `${api}/clients`, fields);
  expect((await authorize({ client })).html).toContain('Select the scopes');
  const field = `scope:${scopes()[0]?.id}`;
  expect((await authorize({ client: 'no guid', [field]: 'on' })).html).toContain('Expected a GUID');
  expect((await authorize({ client, [field]: 'on' })).html).toContain(client);
  expect(application()?.document.api.preAuthorizedApplications).toEqual([
    { appId: client, delegatedPermissionIds: [scopes()[0]?.id] },
  ]);
  await browser.send(api, `${api}/clients/remove`, { client });
  expect(application()?.document.api.preAuthorizedApplications).toEqual([]);
});

const role = {
  name: 'Writers',
  value: 'Task.Write',
  description: 'Create tasks.',
  members: 'both',
  enabled: 'on',
};

it('creates, changes and deletes an app role', async () => {
  const shown = await browser.send(`${roles}/new`, `${roles}/new`, role);
  expect(shown.html).toContain('Both (Users/Groups + Applications)');
  const [created] = application()?.document.appRoles ?? [];
  expect(created).toMatchObject({ value: 'Task.Write', allowedMemberTypes: ['User', 'Application'] });
  const page = `${roles}/${created?.id}`;
  await browser.send(page, page, { ...role, members: 'applications', enabled: '' });
  expect(application()?.document.appRoles).toMatchObject([
    { id: created?.id, allowedMemberTypes: ['Application'], isEnabled: false },
  ]);
  await browser.send(page, `${page}/remove`);
  expect(application()?.document.appRoles).toEqual([]);
});

it('keeps what was typed when an app role is refused', async () => {
  const { html } = await browser.send(`${roles}/new`, `${roles}/new`, { ...role, members: '' });
  expect(html).toContain('Select who can be assigned');
  expect(html).toContain('value="Task.Write"');
});

it('lets two people change two roles side by side, and the same one in turn', async () => {
  for (const value of ['One', 'Two']) await browser.send(`${roles}/new`, `${roles}/new`, { ...role, value });
  const [one, two] = application()?.document.appRoles ?? [];
  const formOf = async (page: string) => {
    const { html } = await browser.open(page);
    return hiddenFields(html);
  };
  const [mine, theirs] = [await formOf(`${roles}/${one?.id}`), await formOf(`${roles}/${two?.id}`)];
  await browser.post(`${roles}/${two?.id}`, { ...theirs, ...role, value: 'Theirs' });
  await browser.post(`${roles}/${one?.id}`, { ...mine, ...role, value: 'Mine' });
  expect(application()?.document.appRoles.map(({ value }) => value)).toEqual(['Mine', 'Theirs']);
  const late = await browser.post(`${roles}/${one?.id}`, { ...mine, ...role, value: 'Late' });
  expect(late.html).toContain('Somebody changed this');
  expect(application()?.document.appRoles.map(({ value }) => value)).toEqual(['Mine', 'Theirs']);
});

it('adds optional claims to a token once, and removes them', async () => {
  const page = `/app-registrations/${id}/token-configuration`;
  const add = () =>
    browser.send(page, `${page}/add`, { token: 'accessToken', 'claim:upn': 'on', 'claim:email': 'on' });
  expect((await add()).html).toContain('The claims were added');
  expect((await add()).html).toContain('does not have yet');
  const { html } = await browser.send(page, `${page}/remove`, { token: 'accessToken', claim: 'email' });
  expect(html).toContain('was removed');
  expect(application()?.document.optionalClaims).toMatchObject({
    idToken: [],
    accessToken: [{ name: 'upn', essential: false }],
  });
  await browser.send(page, `${page}/groups`, { groups: 'SecurityGroup' });
  expect(application()?.document.groupMembershipClaims).toBe('SecurityGroup');
  await browser.send(page, `${page}/groups`, {});
  expect(application()?.document.groupMembershipClaims).toBeNull();
});

it('saves the branding, and refuses an address that is none', async () => {
  const page = `/app-registrations/${id}/branding`;
  const fields = { name: 'Renamed', home: 'https://example.com/', terms: 'https://example.com/terms' };
  expect((await browser.send(page, page, { ...fields, privacy: 'javascript:alert(1)' })).html).toContain(
    'is no address',
  );
  await browser.send(page, page, fields);
  expect(application()).toMatchObject({
    displayName: 'Renamed',
    document: {
      web: { homePageUrl: 'https://example.com/' },
      info: { termsOfServiceUrl: 'https://example.com/terms' },
    },
  });
});
