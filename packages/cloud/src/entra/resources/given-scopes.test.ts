import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../directory/application-document.ts';
import { microsoftServices } from '../../directory/first-party/microsoft-services.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../../directory/service-principals.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import {
  authorizeUrl,
  claimsOf,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { redeemCode, refresh } from '../testing/sign-in-for-code.ts';

// An API gives a client some of its scopes ahead of any consent (`api.preAuthorizedApplications`).

const scope = (value: string, id: string): PermissionScope => ({
  id,
  value,
  type: 'Admin',
  isEnabled: true,
  adminConsentDisplayName: `May ${value} stock`,
  adminConsentDescription: value,
  userConsentDisplayName: null,
  userConsentDescription: null,
});
const read = scope('read', 'c0ffee00-0000-4000-8000-000000000001');
const write = scope('write', 'c0ffee00-0000-4000-8000-000000000002');

let entra: TestEntra;
let client: TestApp;
let api: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  client = entra.createApp({ displayName: 'Client' });
  api = makeApi('api://stock', client);
  // Whatever is not given ahead, nobody but an administrator could give.
  setTenantPolicy(entra.context.directory, entra.tenant.id, { userConsent: 'off' });
});
afterEach(() => entra.close());

function makeApi(uri: string, given: TestApp): TestApp {
  const { api: empty } = emptyApplicationDocument(null);
  return entra.createApp({
    displayName: uri,
    document: {
      identifierUris: [uri],
      requiredResourceAccess: [],
      api: {
        ...empty,
        oauth2PermissionScopes: [read, write],
        preAuthorizedApplications: [{ appId: given.clientId, delegatedPermissionIds: [read.id] }],
      },
    },
  });
}

async function open(asked: Record<string, string>, version: 1 | 2 = 2, by = client) {
  const parameters = { client_id: by.clientId, redirect_uri: testRedirectUri, ...asked };
  return signIn(
    await entra.browser().open(authorizeUrl(entra, version, parameters)),
    seededUsers.salesperson,
  );
}

const asPerson = () => ({
  grant_type: 'password',
  client_id: client.clientId,
  client_secret: client.secret,
  username: seededUsers.salesperson,
  password: seededPassword,
});

it.each([
  [2, { scope: 'api://stock/read openid offline_access' }],
  [2, { scope: 'api://stock/.default openid offline_access' }],
  [1, { resource: 'api://stock' }],
] as const)('asks nobody at v%i for %j, and refreshes', async (version, asked) => {
  const code = sentParameter(await open(asked, version), 'code');
  const { status, json } = await redeemCode(entra, client, code, {}, version);
  expect([status, json.error_description]).toEqual([200, undefined]);
  expect(claimsOf(json.access_token).scp).toBe('read');
  const next = await refresh(entra, client, json.refresh_token, {}, version);
  expect(claimsOf(next.json.access_token).scp).toBe('read');
});

it('gives no more than the API does, and to no other client', async () => {
  expect((await open({ scope: 'api://stock/write' })).html).toContain('Need admin approval');
  expect((await open({ scope: 'api://stock/read' }, 2, entra.createApp())).html).toContain(
    'Need admin approval',
  );
  const { json } = await entra.post('/oauth2/v2.0/token', { ...asPerson(), scope: 'api://stock/write' });
  expect(json.error_codes).toEqual([65001]);
});

it('asks an administrator for the rest alone', async () => {
  const parameters = { client_id: client.clientId, redirect_uri: testRedirectUri };
  const asked = { ...parameters, scope: 'api://stock/read api://stock/write' };
  const page = await signIn(await entra.browser().open(authorizeUrl(entra, 2, asked)));
  expect(page.html).toContain('May write stock');
  expect(page.html).not.toContain('May read stock');
  const { json } = await redeemCode(entra, client, sentParameter(await page.submit(), 'code'));
  expect(String(claimsOf(json.access_token).scp).split(' ').toSorted()).toEqual(['read', 'write']);
});

it('gives it by password and on behalf of a person, too', async () => {
  const first = await entra.post('/oauth2/v2.0/token', { ...asPerson(), scope: 'api://stock/read' });
  expect(claimsOf(first.json.access_token).scp).toBe('read');
  makeApi('api://parts', api);
  for (const asked of [
    { scope: 'api://parts/read' },
    { scope: 'api://parts/.default' },
    { resource: 'api://parts' },
  ]) {
    const { json } = await entra.post('resource' in asked ? '/oauth2/token' : '/oauth2/v2.0/token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      requested_token_use: 'on_behalf_of',
      client_id: api.clientId,
      client_secret: api.secret,
      assertion: String(first.json.access_token),
      ...asked,
    });
    expect(json.error_description).toBeUndefined();
    expect(claimsOf(json.access_token)).toMatchObject({ aud: 'api://parts', scp: 'read' });
  }
});

it.each([
  [2, { scope: 'api://stock/read' }],
  [1, { resource: 'api://stock' }],
] as const)('gives it to a page by the implicit grant, at v%i', async (version, asked) => {
  const { web } = emptyApplicationDocument(null);
  const page = entra.createApp({
    displayName: 'Page',
    document: {
      web: {
        ...web,
        redirectUris: [testRedirectUri],
        implicitGrantSettings: { enableAccessTokenIssuance: true, enableIdTokenIssuance: false },
      },
    },
  });
  makeApi('api://shelf', page);
  const ofShelf = Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [name, value.replace('stock', 'shelf')]),
  );
  const { location } = await open({ response_type: 'token', ...ofShelf }, version, page);
  const answer = new URLSearchParams(location?.hash.slice(1));
  expect(answer.get('error_description')).toBeNull();
  expect(claimsOf(answer.get('access_token'))).toMatchObject({ aud: 'api://shelf', scp: 'read' });
});

it('gives it to a device', async () => {
  const device = entra.createApp({ displayName: 'Device', document: { isFallbackPublicClient: true } });
  makeApi('api://shelf', device);
  const asked = { client_id: device.clientId, scope: 'api://shelf/read' };
  const { json: begun } = await entra.post('/oauth2/v2.0/devicecode', asked);
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  const confirm = await signIn(await page.submit({ otc: String(begun.user_code) }), seededUsers.salesperson);
  expect((await confirm.submit()).html).toContain('You have signed in to the Device application');
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: device.clientId,
    device_code: String(begun.device_code),
  });
  expect(claimsOf(json.access_token)).toMatchObject({ aud: 'api://shelf', scp: 'read' });
});

it.each(
  microsoftServices
    .filter(({ appId }) => appId !== wellKnownIds.microsoftGraph)
    .map(({ displayName, appId }) => [displayName, appId]),
)("lets Microsoft's command line act as the person at %s", async (_name, appId) => {
  const azureCli = { client_id: wellKnownIds.azureCli, scope: `${appId}/.default` };
  const { client_secret: _secret, ...form } = { ...asPerson(), ...azureCli };
  const { json } = await entra.post('/oauth2/v2.0/token', form);
  expect(json.error_description).toBeUndefined();
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: appId,
    scp: [wellKnownIds.powerApps, wellKnownIds.powerAutomate].some((named) => named === appId)
      ? 'User'
      : 'user_impersonation',
  });
});

it('gives no scope that is switched off', async () => {
  const { directory } = entra.context;
  const principal = findServicePrincipalByAppId(directory, entra.tenant.id, api.clientId);
  if (!principal) throw new Error('The API has no service principal.');
  const oauth2PermissionScopes = [{ ...read, isEnabled: false }, write];
  updateServicePrincipal(directory, {
    ...principal,
    document: { ...principal.document, oauth2PermissionScopes },
  });
  const { json } = await entra.post('/oauth2/v2.0/token', { ...asPerson(), scope: 'api://stock/.default' });
  expect(json.error_codes).toEqual([65001]);
});
