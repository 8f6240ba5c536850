import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../directory/application-document.ts';
import { type Group, putGroup } from '../../directory/groups.ts';
import { createPermissionGrant } from '../../directory/permission-grants.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName } from '../../directory/users.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../testing/open-test-entra.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
  app = entra.createApp();
});
afterEach(() => entra.close());

const permission = (value: string): PermissionScope => ({
  id: entra.context.random.guid(),
  value,
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: value,
  adminConsentDescription: value,
  userConsentDisplayName: null,
  userConsentDescription: null,
});

/** An API with two permissions, called by its own registration. */
function makeApi(document: object = {}): TestApp {
  const { api } = emptyApplicationDocument(null);
  return entra.createApp({
    document: {
      identifierUris: ['api://stock'],
      api: { ...api, oauth2PermissionScopes: [permission('read'), permission('write')] },
      ...document,
    },
  });
}

async function tokensFor(client: TestApp, scope: string, version: 1 | 2 = 2) {
  const code = await signInForCode(entra, client, { parameters: { scope } });
  return (await redeemCode(entra, client, code, {}, version)).json;
}

it('gives the scopes back as the client wrote them, each once', async () => {
  const api = makeApi();
  const asked = 'api://stock/READ api://stock/write openid profile email offline_access';
  const { json } = await refresh(entra, api, (await tokensFor(api, asked)).refresh_token, { scope: asked });
  expect(String(json.scope).split(' ').toSorted()).toEqual(['api://stock/read', 'api://stock/write']);
  const wide = await tokensFor(api, 'api://stock/.default openid');
  expect(String(wide.scope).split(' ').toSorted()).toEqual([
    'api://stock/.default',
    'api://stock/read',
    'api://stock/write',
  ]);
});

it('gives sign-in scopes back without an API before them', async () => {
  const { scope } = await tokensFor(app, 'openid profile email');
  expect(String(scope).split(' ').toSorted()).toEqual(['email', 'openid', 'profile']);
});

it("gives sign-in scopes back beside Graph's, whatever was consented to", async () => {
  const { directory } = entra.context;
  const find = (appId: string) => findServicePrincipalByAppId(directory, entra.tenant.id, appId)?.id ?? '';
  createPermissionGrant(directory, {
    tenantId: entra.tenant.id,
    clientId: find(app.clientId),
    resourceId: find(wellKnownIds.microsoftGraph),
    consentType: 'AllPrincipals',
    principalId: null,
    scope: 'User.Read',
  });
  const ask = async (scope: string) => {
    const { json } = await entra.post('/oauth2/v2.0/token', {
      grant_type: 'password',
      client_id: app.clientId,
      client_secret: app.secret,
      username: seededUsers.administrator,
      password: seededPassword,
      scope,
    });
    return [json.scope, claimsOf(json.access_token).scp];
  };
  expect(await ask('User.Read openid profile email offline_access')).toEqual([
    'User.Read openid profile email',
    'User.Read openid profile email',
  ]);
  const url = 'https://graph.microsoft.com/User.Read';
  expect(await ask(`${url} openid offline_access`)).toEqual([`${url} openid`, 'User.Read openid']);
  expect(await ask('User.Read')).toEqual(['User.Read', 'User.Read']);
});

it('asks for consent to a scope of Graph that a refresh names first, and to none that is not there', async () => {
  const { refresh_token: token } = await tokensFor(app, 'User.Read offline_access');
  const unconsented = await refresh(entra, app, token, { scope: 'Mail.Send' });
  expect(unconsented.json).toMatchObject({ error: 'invalid_grant', error_codes: [65001] });
  expect(unconsented.json.suberror).toBe('consent_required');
  const missing = await refresh(entra, app, token, { scope: 'Mail.Sned' });
  expect(missing.json).toMatchObject({ error: 'invalid_client', error_codes: [650053] });
});

it('counts at v1 in strings and names the API, with a refresh token though nobody asked for one', async () => {
  const code = await signInForCode(entra, app, { version: 1 });
  const { json } = await redeemCode(entra, app, code, {}, 1);
  const expires = Number(claimsOf(json.access_token).exp);
  expect(Object.keys(json)).toEqual([
    'token_type',
    'scope',
    'expires_in',
    'ext_expires_in',
    'expires_on',
    'not_before',
    'resource',
    'access_token',
    'refresh_token',
    'id_token',
  ]);
  expect(json).toMatchObject({
    token_type: 'Bearer',
    scope: 'user_impersonation',
    expires_in: String(expires - now / 1000 - 1),
    ext_expires_in: String(expires - now / 1000 - 1),
    expires_on: String(expires),
    not_before: String(now / 1000 - 300),
    resource: crmOrigin,
  });
});

it('parts the scopes of v1 by blanks', async () => {
  const api = makeApi();
  const other = entra.createApp({
    document: {
      requiredResourceAccess: [{ resourceAppId: api.clientId, resourceAccess: [] }],
    },
  });
  const asked = 'api://stock/read api://stock/write';
  const { scope } = await tokensFor(other, asked, 1);
  expect(String(scope).split(' ').toSorted()).toEqual(['read', 'write']);
});

it('counts at v2 in numbers, and gives refresh and id token only where they were asked for', async () => {
  const bare = await tokensFor(app, `${crmOrigin}/user_impersonation`);
  const expires = Number(claimsOf(bare.access_token).exp);
  expect(bare).toEqual({
    token_type: 'Bearer',
    scope: `${crmOrigin}/user_impersonation`,
    expires_in: expires - now / 1000 - 1,
    ext_expires_in: expires - now / 1000 - 1,
    access_token: bare.access_token,
  });
  expect(await tokensFor(app, `${crmOrigin}/user_impersonation openid`)).not.toHaveProperty('refresh_token');
  expect(await tokensFor(app, `${crmOrigin}/user_impersonation offline_access`)).not.toHaveProperty(
    'id_token',
  );
  const all = await tokensFor(app, crmScope);
  expect(all).toHaveProperty('refresh_token');
  expect(all).toHaveProperty('id_token');
});

it.each([
  ['a web app that asked for openid', 'openid', true],
  ['a web app that did not', undefined, false],
])('signs the id token of v1 for %s: %s', async (_who, scope, isSigned) => {
  const parameters = scope === undefined ? {} : { scope, nonce: 'n' };
  const code = await signInForCode(entra, app, { version: 1, parameters });
  const { json } = await redeemCode(entra, app, code, {}, 1);
  const [header = '', , signature = ''] = String(json.id_token).split('.');
  const { alg, x5t, kid }: Record<string, unknown> = JSON.parse(Buffer.from(header, 'base64url').toString());
  expect([alg, signature !== '']).toEqual(isSigned ? ['RS256', true] : ['none', false]);
  expect(x5t).toBe(kid);
});

it("prefers the token request's claims to those of the authorization request", async () => {
  const claims = (name: string) => JSON.stringify({ id_token: { [name]: null } });
  const code = () => signInForCode(entra, app, { parameters: { claims: claims('sid') } });
  const kept = claimsOf((await redeemCode(entra, app, await code())).json.id_token);
  expect(kept).toHaveProperty('sid');
  const changes = { claims: claims('login_hint') };
  const changed = claimsOf((await redeemCode(entra, app, await code(), changes)).json.id_token);
  expect(changed).toHaveProperty('login_hint');
  expect(changed).not.toHaveProperty('sid');
});

it('tells an app at the token endpoint of up to 200 groups by their ids', async () => {
  const { directory, random } = entra.context;
  const user = findUserByName(directory, seededUsers.administrator);
  const kind: Group['kind'] = 'security';
  for (let count = 0; count < 6; count += 1) {
    const id = random.guid();
    putGroup(directory, { id, tenantId: entra.tenant.id, displayName: id, kind }, [user?.id ?? '']);
  }
  const client = entra.createApp({ document: { groupMembershipClaims: 'SecurityGroup' } });
  expect(claimsOf((await tokensFor(client, 'openid')).id_token).groups).toHaveLength(6);
});

it.each([
  ['api://stock/read api://stock/write', 'api://stock/read'],
  ['api://stock/read api://stock/write', 'api://stock/.default'],
])('lets a code for %s be redeemed for %s', async (agreed, wanted) => {
  const api = makeApi();
  const code = await signInForCode(entra, api, { parameters: { scope: agreed } });
  const { status, json } = await redeemCode(entra, api, code, { scope: wanted });
  expect([status, json.error_description]).toEqual([200, undefined]);
  expect(claimsOf(json.access_token).scp).toBe('read write');
});

it('lets a code for one permission be redeemed for no other', async () => {
  const api = makeApi();
  const code = await signInForCode(entra, api, { parameters: { scope: 'api://stock/read' } });
  const { json } = await redeemCode(entra, api, code, { scope: 'api://stock/read api://stock/write' });
  expect(json.error_codes).toEqual([70000]);
});

it('refreshes at v1 for the API that Microsoft gave its own client, though no registration lists it', async () => {
  const tools = { client_id: wellKnownIds.dynamicsDevelopmentTools };
  const { json } = await entra.post('/oauth2/v2.0/token', {
    ...tools,
    grant_type: 'password',
    username: seededUsers.administrator,
    password: seededPassword,
    scope: crmScope,
  });
  const next = await entra.post('/oauth2/token', {
    ...tools,
    grant_type: 'refresh_token',
    refresh_token: String(json.refresh_token),
    resource: crmOrigin,
  });
  expect([next.status, next.json.error_description]).toEqual([200, undefined]);
});
