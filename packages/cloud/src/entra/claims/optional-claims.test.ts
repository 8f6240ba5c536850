import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAppRoleAssignment } from '../../directory/app-role-assignments.ts';
import {
  type ApplicationDocument,
  type AppRole,
  emptyApplicationDocument,
} from '../../directory/application-document.ts';
import { directoryRoles } from '../../directory/directory-roles.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName, updateUserProfile } from '../../directory/users.ts';
import {
  claimsOf,
  crmOrigin,
  openTestEntra,
  type TestApp,
  type TestEntra,
} from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

const anyText: unknown = expect.any(String);
let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

type Claims = Record<string, unknown>;

const named = (...names: string[]) => names.map((name) => ({ name }));

/** The id token of a person who signed in to an app. */
async function idTokenOf(
  app: TestApp,
  { scope = 'openid', version = 2 }: { scope?: string; version?: 1 | 2 } = {},
): Promise<Claims> {
  const parameters = version === 2 ? { scope } : undefined;
  const code = await signInForCode(entra, app, { version, ...(parameters && { parameters }) });
  return claimsOf((await redeemCode(entra, app, code, {}, version)).json.id_token);
}

let count = 0;

/** An API with a scope of its own that an app of its own name calls. */
function makeApi(version: 1 | 2, document: Partial<ApplicationDocument>): { app: TestApp; uri: string } {
  count += 1;
  const uri = `api://claims-${count}`;
  const scope = {
    id: entra.context.random.guid(),
    value: 'read',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read',
    adminConsentDescription: 'Read',
    userConsentDisplayName: null,
    userConsentDescription: null,
  } as const;
  const { api } = emptyApplicationDocument(null);
  const app = entra.createApp({
    document: {
      identifierUris: [uri],
      api: { ...api, requestedAccessTokenVersion: version, oauth2PermissionScopes: [scope] },
      ...document,
    },
  });
  return { app, uri };
}

async function accessTokenOf({ app, uri }: { app: TestApp; uri: string }): Promise<Claims> {
  const code = await signInForCode(entra, app, { parameters: { scope: `${uri}/read` } });
  return claimsOf((await redeemCode(entra, app, code)).json.access_token);
}

async function appTokenOf({ app, uri }: { app: TestApp; uri: string }): Promise<Claims> {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: `${uri}/.default`,
  });
  return claimsOf(json.access_token);
}

it('adds the claims that an app wants in its id tokens, and passes over what nobody knows', async () => {
  const idToken = named('auth_time', 'sid', 'login_hint', 'email', 'xms_edov', 'constructor', 'nonsense');
  const signedInAt = Math.floor(entra.clock.now() / 1000);
  const claims = await idTokenOf(entra.createApp({ document: { optionalClaims: { idToken } } }));
  expect(claims).toMatchObject({
    email: 'admin@contoso.onmicrosoft.com',
    xms_edov: true,
    sid: anyText,
    login_hint: anyText,
  });
  expect(Math.abs(Number(claims.auth_time) - signedInAt)).toBeLessThan(60);
  expect(Object.keys(claims)).not.toContain('constructor');
  expect(claims).not.toHaveProperty('nonsense');
});

it('tells names in a v2 id token only where profile was agreed to', async () => {
  const idToken = named('family_name', 'given_name', 'upn', 'ipaddr', 'acct');
  const app = entra.createApp({ document: { optionalClaims: { idToken } } });
  const without = await idTokenOf(app);
  expect(without).toMatchObject({ acct: 0, ipaddr: '127.0.0.1' });
  for (const name of ['family_name', 'given_name', 'upn']) expect(without).not.toHaveProperty(name);
  expect(await idTokenOf(app, { scope: 'openid profile' })).toMatchObject({
    family_name: 'Bowen',
    given_name: 'Megan',
    upn: 'admin@contoso.onmicrosoft.com',
  });
});

it('adds preferred_username to v1, and has what v1 always has', async () => {
  const app = entra.createApp({ document: { optionalClaims: { idToken: named('preferred_username') } } });
  expect(await idTokenOf(app, { version: 1 })).toMatchObject({
    preferred_username: 'admin@contoso.onmicrosoft.com',
    upn: 'admin@contoso.onmicrosoft.com',
    ipaddr: '127.0.0.1',
    family_name: 'Bowen',
  });
  expect(await idTokenOf(entra.createApp(), { version: 1 })).not.toHaveProperty('preferred_username');
});

it.each([1, 2] as const)("adds an API's optional claims to its v%i access tokens", async (version) => {
  const accessToken = named('upn', 'ipaddr', 'email', 'tenant_region_scope', 'xms_tpl', 'idtyp');
  const api = makeApi(version, { optionalClaims: { accessToken } });
  const claims = await accessTokenOf(api);
  expect(claims).toMatchObject({
    ver: `${version}.0`,
    upn: 'admin@contoso.onmicrosoft.com',
    ipaddr: '127.0.0.1',
    email: 'admin@contoso.onmicrosoft.com',
    tenant_region_scope: 'EU',
    xms_tpl: 'en',
  });
  // Only tokens of apps say their kind, unless the API wants it of people's, too.
  expect(claims).not.toHaveProperty('idtyp');
  expect((await appTokenOf(api)).idtyp).toBe('app');
});

it('names the kind of a token of a person where the API wants it', async () => {
  const accessToken = [{ name: 'idtyp', additionalProperties: ['include_user_token'] }];
  const api = makeApi(2, { optionalClaims: { accessToken } });
  expect((await accessTokenOf(api)).idtyp).toBe('user');
  expect((await appTokenOf(api)).idtyp).toBe('app');
});

it("says in Graph's tokens alone for whom they are, and the app's name", async () => {
  const app = entra.createApp({ displayName: 'Command line' });
  const ask = async (resource: string) => {
    const { json } = await entra.post('/oauth2/v2.0/token', {
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.secret,
      scope: `${resource}/.default`,
    });
    return claimsOf(json.access_token);
  };
  const kept = { idtyp: 'app', app_displayname: 'Command line' };
  expect(await ask('https://graph.microsoft.com')).toMatchObject(kept);
  for (const name of Object.keys(kept)) expect(await ask(crmOrigin)).not.toHaveProperty(name);

  const code = await signInForCode(entra, app, { parameters: { scope: 'openid User.Read' } });
  const { json } = await redeemCode(entra, app, code);
  expect(claimsOf(json.access_token)).toMatchObject({ ...kept, idtyp: 'user' });
});

it('names a v1 API by its GUID where it wants that', async () => {
  const accessToken = [{ name: 'aud', additionalProperties: ['use_guid'] }];
  const api = makeApi(1, { optionalClaims: { accessToken } });
  expect((await accessTokenOf(api)).aud).toBe(api.app.clientId);
  expect((await appTokenOf(api)).aud).toBe(api.app.clientId);
  const plain = makeApi(1, {});
  expect((await accessTokenOf(plain)).aud).toBe(plain.uri);
});

it.each<[string | null, boolean]>([
  [null, false],
  ['None', false],
  ['SecurityGroup', false],
  ['All', true],
  ['DirectoryRole', true],
  ['SecurityGroup, DirectoryRole', true],
])('names directory roles where groupMembershipClaims is %s: %s', async (groupMembershipClaims, expected) => {
  const api = makeApi(2, { groupMembershipClaims });
  const wids = [directoryRoles['Global Administrator'].templateId, 'b79fbf4d-3ef9-4689-8143-76b194e85509'];
  for (const claims of [await accessTokenOf(api), await idTokenOf(api.app)]) {
    expect(claims.wids).toEqual(expected ? wids : undefined);
  }
});

it("puts a person's app roles into the tokens of the API and of the app that gave them", async () => {
  const role = (value: string, kind: 'User' | 'Application'): AppRole => ({
    id: entra.context.random.guid(),
    value,
    displayName: value,
    description: value,
    allowedMemberTypes: [kind],
    isEnabled: true,
    origin: 'Application',
  });
  const [approver, worker] = [role('Approver', 'User'), role('Worker', 'Application')];
  const api = makeApi(2, { appRoles: [approver, worker] });
  expect(await accessTokenOf(api)).not.toHaveProperty('roles');
  const { directory } = entra.context;
  const resourceId = findServicePrincipalByAppId(directory, entra.tenant.id, api.app.clientId)?.id ?? '';
  for (const { id } of [approver, worker]) {
    createAppRoleAssignment(directory, {
      tenantId: entra.tenant.id,
      appRoleId: id,
      principalId: findUserByName(directory, seededUsers.administrator)?.id ?? '',
      principalType: 'User',
      resourceId,
    });
  }
  expect((await accessTokenOf(api)).roles).toEqual(['Approver']);
  expect((await idTokenOf(api.app)).roles).toEqual(['Approver']);
});

it('passes over what is no claim in a list of claims, and takes the rest', async () => {
  const idToken = [null, 'sid', { name: 5 }, { name: 'acct', additionalProperties: 'none' }];
  const claims = await idTokenOf(entra.createApp({ document: { optionalClaims: { idToken } } }));
  expect(claims).toHaveProperty('acct', 0);
  expect(claims).not.toHaveProperty('sid');
  for (const optionalClaims of [{ idToken: {} }, { idToken: 'sid' }, { accessToken: named('sid') }]) {
    expect(await idTokenOf(entra.createApp({ document: { optionalClaims } }))).not.toHaveProperty('sid');
  }
});

it('counts an addition for the claim that it stands with alone', async () => {
  const accessToken = [
    { name: 'idtyp' },
    { name: 'aud' },
    { name: 'sid', additionalProperties: ['include_user_token', 'use_guid'] },
  ];
  const api = makeApi(1, { optionalClaims: { accessToken } });
  const claims = await accessTokenOf(api);
  expect(claims.aud).toBe(api.uri);
  expect(claims).not.toHaveProperty('idtyp');
});

it.each<[mail: string | null, listed: string[], verified: unknown]>([
  ['Someone@CONTOSO.onmicrosoft.com', ['email', 'xms_edov'], true],
  ['someone@fabrikam.example', ['email', 'xms_edov'], false],
  ['someone@contoso.onmicrosoft.com', ['xms_edov'], undefined],
  [null, ['email', 'xms_edov'], undefined],
])('says of the address %s with %j whether its domain is verified: %s', async (mail, listed, verified) => {
  const own = await openTestEntra();
  const { id = '' } = findUserByName(own.context.directory, seededUsers.administrator) ?? {};
  updateUserProfile(own.context.directory, id, { mail });
  const app = own.createApp({ document: { optionalClaims: { idToken: named(...listed) } } });
  const { json } = await redeemCode(
    own,
    app,
    await signInForCode(own, app, { parameters: { scope: 'openid' } }),
  );
  await own.close();
  expect(claimsOf(json.id_token).xms_edov).toBe(verified);
});
