import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyApplicationDocument, type PermissionScope } from '../../../directory/application-document.ts';
import { contosoDomain, seededUsers } from '../../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../../directory/tenant-policy.ts';
import { seededOneTimeCode } from '../../../directory/user-conditions.ts';
import { findUserByName, setUserConditions } from '../../../directory/users.ts';
import {
  authorizeUrl,
  claimsOf,
  crmAccess,
  crmOrigin,
  leaveStaySignedIn,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../../testing/open-test-entra.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../../testing/sign-in-for-code.ts';

const accessAsUser: PermissionScope = {
  id: '5f0c3a3e-3f0d-4a55-9a5c-0a9a3c1f0b11',
  value: 'access_as_user',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Use the API',
  adminConsentDescription: 'Use the API',
  userConsentDisplayName: null,
  userConsentDescription: null,
};

let entra: TestEntra;
let api: TestApp;
let app: TestApp;
let assertion: string;
beforeAll(async () => {
  entra = await openTestEntra();
  api = createApi('api://orders', 2);
  await signInForCode(entra, api);
  app = createCaller(api);
  assertion = await callerToken(app, 'api://orders');
});
afterAll(() => entra.close());

function createApi(uri: string, version: 1 | 2): TestApp {
  const { api: empty } = emptyApplicationDocument(contosoDomain);
  return entra.createApp({
    displayName: 'API',
    document: {
      identifierUris: [uri],
      api: { ...empty, requestedAccessTokenVersion: version, oauth2PermissionScopes: [accessAsUser] },
    },
  });
}

function createCaller({ clientId }: TestApp): TestApp {
  return entra.createApp({
    document: {
      requiredResourceAccess: [
        crmAccess,
        { resourceAppId: clientId, resourceAccess: [{ id: accessAsUser.id, type: 'Scope' }] },
      ],
    },
  });
}

/** What a person's app calls an API with, that it names in one of several ways. */
async function callerToken(caller: TestApp, audience: string): Promise<string> {
  const scope = `${audience}/access_as_user openid offline_access`;
  const code = await signInForCode(entra, caller, { parameters: { scope } });
  return String((await redeemCode(entra, caller, code)).json.access_token);
}

function trade(changes: Record<string, string> = {}, path = '/oauth2/v2.0/token') {
  return entra.post(path, {
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    requested_token_use: 'on_behalf_of',
    client_id: api.clientId,
    client_secret: api.secret,
    assertion,
    ...(path.includes('v2.0') ? { scope: crmScope } : { resource: crmOrigin }),
    ...changes,
  });
}

it.each(['/oauth2/v2.0/token', '/oauth2/token'])(
  "trades a caller's token for one of another API at %s",
  async (path) => {
    const { status, json } = await trade({}, path);
    expect([status, json.error_description]).toEqual([200, undefined]);
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: crmOrigin,
      appid: api.clientId,
      upn: seededUsers.administrator,
    });
    expect(json).toHaveProperty('refresh_token');
  },
);

it('asks for the second factor that the caller had not given', async () => {
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  setUserConditions(entra.context.directory, user, { secondFactor: 'required' });
  const { json } = await trade();
  setUserConditions(entra.context.directory, user, { secondFactor: 'not_required' });
  expect([json.error_codes, json.suberror]).toEqual([[50076], 'basic_action']);
  expect(JSON.parse(String(json.claims))).toHaveProperty('access_token.capolids');
});

it.each<[string, () => Record<string, string> | Promise<Record<string, string>>, number]>([
  ['no use', () => ({ requested_token_use: '' }), 900144],
  ['another use', () => ({ requested_token_use: 'none' }), 90013],
  ['what is no token', () => ({ assertion: 'a.b.c' }), 50013],
  ['a token with another signature', () => ({ assertion: `${assertion.slice(0, -8)}AAAAAAAA` }), 50013],
  ['a token for another API', async () => ({ assertion: String((await trade()).json.access_token) }), 50013],
  ['a caller that is not the API', () => ({ client_id: app.clientId, client_secret: app.secret }), 50013],
  ['a wrong secret', () => ({ client_secret: 'wrong' }), 7000215],
  [
    'an API that the person gave nothing on',
    () => ({ scope: 'https://graph.microsoft.com/User.Read' }),
    65001,
  ],
  [
    'an API by .default that the person gave nothing on',
    () => {
      const { api: empty } = emptyApplicationDocument(contosoDomain);
      const document = { api: { ...empty, oauth2PermissionScopes: [accessAsUser] } };
      return { scope: `api://${entra.createApp({ document }).clientId}/.default` };
    },
    65001,
  ],
])('refuses %s', async (_name, changes, code) => {
  expect((await trade(await changes())).json.error_codes).toEqual([code]);
});

it('refuses a token that ended', async () => {
  entra.clock.advance(7_200_000);
  const { json } = await trade();
  entra.clock.advance(-7_200_000);
  expect(json.error_codes).toEqual([500133]);
});

it("refuses another tenant's caller", async () => {
  const { status, json } = await trade({}, '/microsoftservices.onmicrosoft.com/oauth2/v2.0/token');
  expect([status, json.error, json.error_codes]).toEqual([400, 'invalid_grant', [700005]]);
});

it.each([
  ['/oauth2/v2.0/token', 'scope'],
  ['/oauth2/token', 'resource'],
])('says at %s that the %s is missing', async (path, parameter) => {
  const { json } = await trade({ scope: '', resource: '' }, path);
  expect(json.error_codes).toEqual([900144]);
  expect(json.error_description).toContain(`'${parameter}'`);
});

it('trades at v1 for listed APIs alone', async () => {
  const { json } = await trade({ resource: 'https://graph.microsoft.com' }, '/oauth2/token');
  expect(json.error_codes).toEqual([650057]);
});

it("refuses an application's own token", async () => {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: 'api://orders/.default',
  });
  expect((await trade({ assertion: String(json.access_token) })).json.error_codes).toEqual([50013]);
});

it('takes a v1 token by each name of the API, whatever its case and with a slash after it', async () => {
  const uri = 'https://contoso.onmicrosoft.com/stock';
  const stock = createApi(uri, 1);
  await signInForCode(entra, stock);
  const caller = createCaller(stock);
  const own = { client_id: stock.clientId, client_secret: stock.secret };
  for (const audience of [uri, `${uri.toUpperCase()}/`, stock.clientId, `api://${stock.clientId}`]) {
    const token = await callerToken(caller, audience);
    expect(claimsOf(token).aud).toBe(audience);
    expect((await trade({ ...own, assertion: token })).json.error_codes).toBeUndefined();
  }
});

it('keeps the second factor that the caller had given', async () => {
  const user = findUserByName(entra.context.directory, seededUsers.administrator);
  if (!user) throw new Error('The seed has no administrator.');
  expect(claimsOf((await trade()).json.access_token).amr).toEqual(['pwd']);
  setUserConditions(entra.context.directory, user, { secondFactor: 'required' });
  const scope = 'api://orders/access_as_user';
  const url = authorizeUrl(entra, 2, { client_id: app.clientId, redirect_uri: testRedirectUri, scope });
  const page = await signIn(await entra.browser().open(url));
  const done = await leaveStaySignedIn(
    await page.submit({ otc: seededOneTimeCode }, 'idSubmit_SAOTCC_Continue'),
  );
  const { json } = await redeemCode(entra, app, sentParameter(done, 'code'));
  const answer = await trade({ assertion: String(json.access_token) });
  setUserConditions(entra.context.directory, user, { secondFactor: 'not_required' });
  expect(claimsOf(answer.json.access_token).amr).toEqual(['pwd', 'mfa']);
});

it('counts the frequency of sign-ins from when the caller got its token', async () => {
  const { directory } = entra.context;
  setTenantPolicy(directory, entra.tenant.id, { accessTokenMinutes: 120, signInFrequencyHours: 1 });
  const token = await callerToken(app, 'api://orders');
  entra.clock.advance(50 * 60_000);
  const inTime = await trade({ assertion: token });
  entra.clock.advance(10 * 60_000);
  const late = await trade({ assertion: token });
  setTenantPolicy(directory, entra.tenant.id, { accessTokenMinutes: null, signInFrequencyHours: null });
  entra.clock.advance(-60 * 60_000);
  expect([inTime.json.error_codes, late.json.error_codes]).toEqual([undefined, [70043]]);
});

it('gives a refresh token that the API alone can use, with its secret', async () => {
  const { json } = await trade();
  expect((await refresh(entra, { ...api, secret: '' }, json.refresh_token)).json.error_codes).toEqual([
    7000218,
  ]);
  const next = await refresh(entra, api, json.refresh_token);
  expect([next.status, next.json.error_description]).toEqual([200, undefined]);
});

it('names the parameter of a use that nobody knows, and the one that is missing', async () => {
  const other = await trade({ requested_token_use: 'none' });
  expect(other.json.error_description).toContain('requested_token_use');
  const none = await trade({ assertion: '' });
  expect(none.json.error_codes).toEqual([900144]);
  expect(none.json.error_description).toContain("'assertion'");
});

it('wants the secret even of an API that is a public client, too', async () => {
  const open = entra.createApp({ document: { isFallbackPublicClient: true } });
  const { json } = await trade({ client_id: open.clientId, client_secret: '' });
  expect(json.error_codes).toEqual([7000218]);
});
