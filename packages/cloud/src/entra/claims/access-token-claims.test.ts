import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../directory/application-document.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { seededOneTimeCode } from '../../directory/user-conditions.ts';
import { findUserByName, setUserConditions } from '../../directory/users.ts';
import { systemRandom } from '../../random.ts';
import {
  authorizeUrl,
  claimsOf,
  crmOrigin,
  leaveStaySignedIn,
  openTestEntra,
  sentParameter,
  signIn,
  type TestEntra,
  testAddresses,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';
import { methodsOf } from './access-token-claims.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

const readScope: PermissionScope = {
  id: '5f0c3a3e-3f0d-4a55-9a5c-0a9a3c1f0b12',
  value: 'read',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Read',
  adminConsentDescription: 'Read',
  userConsentDisplayName: null,
  userConsentDescription: null,
};

/** Tokens of a person for an API of the app's own, and the app's own token for it. */
async function tokensFor(version: 1 | 2) {
  const { api } = emptyApplicationDocument(null);
  const app = entra.createApp({
    displayName: 'Orders',
    document: {
      identifierUris: ['api://orders'],
      api: { ...api, requestedAccessTokenVersion: version, oauth2PermissionScopes: [readScope] },
    },
  });
  const code = await signInForCode(entra, app, { parameters: { scope: 'api://orders/read openid' } });
  const { json } = await redeemCode(entra, app, code);
  const own = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: 'api://orders/.default',
  });
  return {
    clientId: app.clientId,
    person: claimsOf(json.access_token),
    application: claimsOf(own.json.access_token),
    idToken: claimsOf(json.id_token),
  };
}

const ofV1 = ['acr', 'amr', 'appid', 'appidacr', 'family_name', 'given_name', 'unique_name', 'upn'];
const ofV2 = ['azp', 'azpacr', 'preferred_username'];

it('names a person and their client in the words of v1 where the API has version 1', async () => {
  const { clientId, person } = await tokensFor(1);
  expect(person).toMatchObject({
    ver: '1.0',
    aud: 'api://orders',
    appid: clientId,
    appidacr: '1',
    acr: '1',
    amr: ['pwd'],
    upn: seededUsers.administrator,
    unique_name: seededUsers.administrator,
    name: 'Megan Bowen',
    scp: 'read',
  });
  for (const name of ofV2) expect(person).not.toHaveProperty(name);
});

it('names a person and their client in the words of v2 where the API has version 2', async () => {
  const { clientId, person } = await tokensFor(2);
  expect(person).toMatchObject({
    ver: '2.0',
    aud: clientId,
    azp: clientId,
    azpacr: '1',
    preferred_username: seededUsers.administrator,
    name: 'Megan Bowen',
    scp: 'read',
  });
  for (const name of ofV1) expect(person).not.toHaveProperty(name);
});

it('begins a token five minutes early and gives it 60 to 90 minutes, an id token 60', async () => {
  const { person, application, idToken } = await tokensFor(2);
  const seconds = now / 1000;
  for (const { iat, nbf, exp } of [person, application]) {
    expect([iat, nbf]).toEqual([seconds - 300, seconds - 300]);
    expect(Number(exp)).toBeGreaterThanOrEqual(seconds + 3600);
    expect(Number(exp)).toBeLessThan(seconds + 5400);
  }
  expect(idToken).toMatchObject({ iat: seconds - 300, nbf: seconds - 300, exp: seconds + 3600 });
});

it('makes what is opaque anew for each token', async () => {
  const { person, application } = await tokensFor(2);
  for (const { uti, rh, aio } of [person, application]) {
    expect(Buffer.from(String(uti), 'base64url')).toHaveLength(16);
    expect(rh).toMatch(/^1\.[\w-]{32}\.$/);
    expect(String(aio).length).toBeGreaterThanOrEqual(32);
    expect(aio).not.toContain(Buffer.from(String(rh).slice(2, -1), 'base64url').toString('base64'));
  }
  for (const name of ['uti', 'rh', 'aio']) expect(person[name]).not.toBe(application[name]);
});

it("tells an application's own token from a person's by subject, object and provider", async () => {
  const { application } = await tokensFor(1);
  expect(application.sub).toBe(application.oid);
  expect(application.idp).toBe(`https://sts.windows.net/${entra.tenant.id}/`);
  for (const name of ['scp', 'roles', 'name', 'upn', 'idtyp']) expect(application).not.toHaveProperty(name);
});

it('names no provider where an application has a token of version 2', async () => {
  const { application } = await tokensFor(2);
  expect(application.sub).toBe(application.oid);
  expect(application).not.toHaveProperty('idp');
});

it('tells the CRM, unlike Graph, nothing of the name of the app', async () => {
  const app = entra.createApp({ displayName: 'Command line' });
  const claims = async (scope: string) => {
    const { json } = await redeemCode(entra, app, await signInForCode(entra, app, { parameters: { scope } }));
    return claimsOf(json.access_token);
  };
  expect(await claims(`${crmOrigin}/user_impersonation`)).not.toHaveProperty('app_displayname');
  expect(await claims('User.Read')).toMatchObject({
    aud: wellKnownIds.microsoftGraph,
    app_displayname: 'Command line',
  });
});

it.each([
  [0, 3600],
  [0.999_999, 5399],
])(
  'spreads lives by chance: %d gives %i seconds, of which the answer tells one less',
  async (fraction, life) => {
    const own = await openTestEntra({
      base: { now: () => now },
      random: { ...systemRandom, fraction: () => fraction },
    });
    const { clientId, secret } = own.createApp();
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret };
    const { json } = await own.post('/oauth2/token', { ...form, resource: crmOrigin });
    await own.close();
    expect(claimsOf(json.access_token).exp).toBe(now / 1000 + life);
    expect([json.expires_in, json.expires_on, json.not_before]).toEqual(
      [life - 1, now / 1000 + life, now / 1000 - 300].map(String),
    );
  },
);

it('lists the permissions with blanks between, and says by whom it was issued', async () => {
  const { api } = emptyApplicationDocument(null);
  const writeScope = { ...readScope, id: '5f0c3a3e-3f0d-4a55-9a5c-0a9a3c1f0b13', value: 'write' };
  for (const [version, iss] of [
    [1, `https://sts.windows.net/${entra.tenant.id}/`],
    [2, `${testAddresses.entra.http}/${entra.tenant.id}/v2.0`],
  ] as const) {
    const uri = `api://stock-${version}`;
    const app = entra.createApp({
      document: {
        identifierUris: [uri],
        api: {
          ...api,
          requestedAccessTokenVersion: version,
          oauth2PermissionScopes: [readScope, writeScope],
        },
      },
    });
    const parameters = { scope: `${uri}/read ${uri}/write` };
    const { json } = await redeemCode(entra, app, await signInForCode(entra, app, { parameters }));
    expect(claimsOf(json.access_token)).toMatchObject({ scp: 'read write', iss, tid: entra.tenant.id });
  }
});

it('remembers that a second factor was given', async () => {
  const app = entra.createApp();
  await signInForCode(entra, app);
  const plain = await redeemCode(entra, app, await signInForCode(entra, app));
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  setUserConditions(entra.context.directory, user, { secondFactor: 'required' });
  const url = authorizeUrl(entra, 2, {
    client_id: app.clientId,
    redirect_uri: testRedirectUri,
    scope: `${crmOrigin}/user_impersonation`,
  });
  const page = await signIn(await entra.browser().open(url));
  const done = await leaveStaySignedIn(
    await page.submit({ otc: seededOneTimeCode }, 'idSubmit_SAOTCC_Continue'),
  );
  const strong = await redeemCode(entra, app, sentParameter(done, 'code'));

  const [without, withIt] = [plain, strong].map(({ json }) => claimsOf(json.access_token));
  expect([without?.amr, String(without?.aio).slice(0, 2)]).toEqual([['pwd'], 'AP']);
  expect([withIt?.amr, String(withIt?.aio).slice(0, 2)]).toEqual([['pwd', 'mfa'], 'AS']);
});

it.each([
  ['ASxyz', ['pwd', 'mfa']],
  ['APxAS', ['pwd']],
  [undefined, ['pwd']],
])('reads from the note %s how the person signed in', (aio, methods) => {
  expect(methodsOf(aio === undefined ? {} : { aio })).toEqual(methods);
});
