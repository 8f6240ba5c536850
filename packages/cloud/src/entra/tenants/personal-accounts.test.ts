import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyApplicationDocument, type SignInAudience } from '../../directory/application-document.ts';
import { seededPersonalAccount } from '../../directory/personal-accounts.ts';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import {
  authorizeUrl,
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  type TokenAnswer,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type Shown } from '../testing/scripted-browser.ts';

const { personalAccountTenant } = wellKnownIds;
const scope = 'https://graph.microsoft.com/User.Read openid profile email offline_access';
const graphAccess = {
  resourceAppId: wellKnownIds.microsoftGraph,
  resourceAccess: [{ id: wellKnownScopes.microsoftGraph['User.Read'].id, type: 'Scope' as const }],
};
const anyText: unknown = expect.any(String);
const personalId: unknown = expect.stringMatching(/^00000000-0000-0000-[\da-f]{4}-[\da-f]{12}$/);
let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

function createApp(signInAudience: SignInAudience = 'AzureADandPersonalMicrosoftAccount'): TestApp {
  const { api } = emptyApplicationDocument(null);
  return entra.createApp({
    document: {
      signInAudience,
      isFallbackPublicClient: true,
      requiredResourceAccess: [crmAccess, graphAccess],
      api: { ...api, requestedAccessTokenVersion: 2 },
    },
  });
}

/** Opens the sign-in page of a tenant or kind of tenants. */
function open({ clientId }: TestApp, tenant: string, changes: Record<string, string> = {}): Promise<Shown> {
  const asked = { client_id: clientId, redirect_uri: testRedirectUri, scope, ...changes };
  return entra.browser().open(authorizeUrl(entra, 2, asked, tenant));
}

async function signInPersonally(app: TestApp, tenant: string, changes?: Record<string, string>) {
  const shown = await signIn(await open(app, tenant, changes), seededPersonalAccount);
  return hasElement(shown, 'idBtn_Back') && hasElement(shown, 'idSIButton9') ? shown.submit() : shown;
}

function send({ clientId, secret }: TestApp, tenant: string, form: Record<string, string>) {
  const body = { client_id: clientId, client_secret: secret, ...form };
  return entra.post(`/${tenant}/oauth2/v2.0/token`, body);
}

function redeem(app: TestApp, tenant: string, code: string): Promise<TokenAnswer> {
  return send(app, tenant, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: testRedirectUri,
    client_info: '1',
  });
}

function refusalOf({ html, location }: Shown): number {
  const text = location?.searchParams.get('error_description') ?? html;
  return Number(/AADSTS(\d+)/.exec(text)?.[1] ?? /Error Code: (\d+)/.exec(text)?.[1]);
}

it.each([
  ['consumers', 'consumers'],
  ['common', 'common'],
  ['common', 'consumers'],
  [personalAccountTenant, personalAccountTenant],
])('signs in through %s, and gets the tokens of the personal tenant at %s', async (asked, redeemedAt) => {
  const app = createApp();
  const code = sentParameter(await signInPersonally(app, asked), 'code');
  const { status, json } = await redeem(app, redeemedAt, code);
  expect(status).toBe(200);
  expect(json.scope).toContain('https://graph.microsoft.com/User.Read');
  const id = claimsOf(json.id_token);
  expect(id).toMatchObject({
    iss: `http://localhost:4481/${personalAccountTenant}/v2.0`,
    tid: personalAccountTenant,
    oid: personalId,
    preferred_username: seededPersonalAccount,
    email: seededPersonalAccount,
    name: 'Grady Archie',
  });
  expect(claimsOf(json.access_token)).toMatchObject({ tid: personalAccountTenant, scp: anyText });
  const info: unknown = JSON.parse(Buffer.from(String(json.client_info), 'base64url').toString());
  expect(info).toEqual({ uid: id.oid, utid: personalAccountTenant });
  const userInfo = await entra.app.inject({
    url: '/common/openid/userinfo',
    headers: { authorization: `Bearer ${String(json.access_token)}` },
  });
  expect(userInfo.json()).toMatchObject({ name: 'Grady Archie', email: seededPersonalAccount });
});

it('asks a person for themselves alone, once', async () => {
  const app = createApp();
  const consent = await signIn(await open(app, 'consumers'), seededPersonalAccount);
  expect(consent.html).toContain('Permissions requested');
  expect(consent.html).not.toContain('Consent on behalf of your organization');
  expect(refusalOf(await consent.submit({}, 'idBtn_Back'))).toBe(65004);
  await signInPersonally(app, 'consumers');
  sentParameter(await signIn(await open(app, 'consumers'), seededPersonalAccount), 'code');
});

it('gives what is listed of the APIs that personal accounts have', async () => {
  const app = createApp();
  const shown = await signInPersonally(app, 'consumers', {
    scope: 'https://graph.microsoft.com/.default openid',
  });
  const { json } = await redeem(app, 'consumers', sentParameter(shown, 'code'));
  expect(String(claimsOf(json.access_token).scp).split(' ').sort()).toEqual(['User.Read', 'openid']);
});

it("gives tokens for an app's own API", async () => {
  const app = createApp();
  const document = app.application.document;
  const scopeId = '5c6a0000-0000-4000-8000-000000000001';
  const api = entra.createApp({
    displayName: 'Notes',
    isInstalled: false,
    document: {
      ...document,
      identifierUris: [`api://notes-for-all`],
      api: {
        ...document.api,
        oauth2PermissionScopes: [
          {
            id: scopeId,
            value: 'Notes.Read',
            type: 'User',
            isEnabled: true,
            adminConsentDisplayName: 'Read notes',
            adminConsentDescription: 'Read notes.',
            userConsentDisplayName: 'Read notes',
            userConsentDescription: 'Read notes.',
          },
        ],
      },
    },
  });
  const shown = await signInPersonally(app, 'consumers', { scope: 'api://notes-for-all/Notes.Read openid' });
  const { json } = await redeem(app, 'consumers', sentParameter(shown, 'code'));
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: api.clientId,
    ver: '2.0',
    scp: 'Notes.Read',
    tid: personalAccountTenant,
  });
});

it.each<[what: string, audience: SignInAudience, tenant: string, code: number]>([
  ['a work app at consumers', 'AzureADMultipleOrgs', 'consumers', 9002332],
  ['a single-tenant app at consumers', 'AzureADMyOrg', personalAccountTenant, 9002332],
  ['a personal app at common', 'PersonalMicrosoftAccount', 'common', 9002331],
  ['a personal app at organizations', 'PersonalMicrosoftAccount', 'organizations', 9002331],
  ['a personal app at a tenant', 'PersonalMicrosoftAccount', 'contoso.onmicrosoft.com', 9002331],
])('refuses %s at once', async (_what, audience, tenant, code) => {
  expect(refusalOf(await open(createApp(audience), tenant))).toBe(code);
  const device = await entra.post(`/${tenant}/oauth2/v2.0/devicecode`, {
    client_id: createApp(audience).clientId,
    scope,
  });
  expect(device.json.error_codes).toEqual([code]);
});

it.each<[who: string, audience: SignInAudience, tenant: string, user: string, code: number]>([
  [
    'a personal account at organizations',
    'AzureADandPersonalMicrosoftAccount',
    'organizations',
    seededPersonalAccount,
    500208,
  ],
  ['a personal account for a work app', 'AzureADMultipleOrgs', 'common', seededPersonalAccount, 500208],
  [
    'a personal account at a tenant',
    'AzureADandPersonalMicrosoftAccount',
    'contoso.onmicrosoft.com',
    seededPersonalAccount,
    50020,
  ],
  [
    'a work account at consumers',
    'AzureADandPersonalMicrosoftAccount',
    'consumers',
    seededUsers.salesperson,
    500208,
  ],
  [
    'a work account for a personal app',
    'PersonalMicrosoftAccount',
    'consumers',
    seededUsers.salesperson,
    500208,
  ],
])('lets %s try another', async (_who, audience, tenant, user, code) => {
  const shown = await signIn(await open(createApp(audience), tenant), user);
  expect(refusalOf(shown)).toBe(code);
  expect(hasElement(shown, 'i0116')).toBe(true);
});

it('names Microsoft accounts as the provider of one that is in no tenant', async () => {
  const shown = await signIn(await open(createApp(), 'contoso.onmicrosoft.com'), seededPersonalAccount);
  expect(shown.html).toContain('identity provider &#39;live.com&#39;');
});

it.each([
  ['an API of work accounts', `${crmOrigin}/user_impersonation`, 90124],
  ['an API that is not there', 'https://nowhere.example/x', 90124],
  ['a permission of work accounts', 'https://graph.microsoft.com/Application.ReadWrite.All', 70011],
])('refuses %s', async (_what, asked, code) => {
  expect(refusalOf(await signInPersonally(createApp(), 'common', { scope: asked }))).toBe(code);
});

it('serves them at v2 alone', async () => {
  const { clientId, secret } = createApp();
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: testRedirectUri,
    resource: 'https://graph.microsoft.com',
  });
  const page = (tenant: string) => entra.browser().open(`/${tenant}/oauth2/authorize?${query.toString()}`);
  expect(refusalOf(await page('consumers'))).toBe(90027);
  expect(refusalOf(await signIn(await page('common'), seededPersonalAccount))).toBe(500201);
  for (const [endpoint, code] of [
    ['token', 500201],
    ['devicecode', 90027],
  ] as const) {
    const answer = await entra.post(`/consumers/oauth2/${endpoint}`, {
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: secret,
      refresh_token: 'x',
      resource: 'https://graph.microsoft.com',
    });
    expect(answer.json).toMatchObject({ error: 'invalid_request', error_codes: [code] });
  }
});

it('refreshes where personal accounts are let in', async () => {
  const app = createApp();
  const { json } = await redeem(app, 'common', sentParameter(await signInPersonally(app, 'common'), 'code'));
  const refresh = (tenant: string) =>
    send(app, tenant, { grant_type: 'refresh_token', refresh_token: String(json.refresh_token), scope });
  for (const tenant of ['consumers', 'common', personalAccountTenant]) {
    expect((await refresh(tenant)).status).toBe(200);
  }
  for (const [tenant, refusal] of [
    ['organizations', 500208],
    ['contoso.onmicrosoft.com', 50020],
  ] as const) {
    expect((await refresh(tenant)).json).toMatchObject({ error: 'invalid_grant', error_codes: [refusal] });
  }
  const work = await signIn(await open(app, 'common'), seededUsers.administrator);
  const code = sentParameter(await work.submit(), 'code');
  expect((await redeem(app, 'consumers', code)).json.error_codes).toEqual([700005]);
});

it('signs a device in', async () => {
  const { clientId } = createApp();
  const { json } = await entra.post('/consumers/oauth2/v2.0/devicecode', { client_id: clientId, scope });
  const page = await entra.browser().open('/common/oauth2/deviceauth');
  const confirm = await signIn(await page.submit({ otc: String(json.user_code) }), seededPersonalAccount);
  await (await confirm.submit()).submit();
  const tokens = await entra.post('/consumers/oauth2/v2.0/token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: clientId,
    device_code: String(json.device_code),
  });
  expect(claimsOf(tokens.json.id_token).tid).toBe(personalAccountTenant);
});

it('has no password grant and no app of its own', async () => {
  const app = createApp();
  const password = {
    grant_type: 'password',
    username: seededPersonalAccount,
    password: seededPassword,
    scope,
  };
  expect((await send(app, 'consumers', password)).json.error_codes).toEqual([9001023]);
  expect((await send(app, 'organizations', password)).json.error_codes).toEqual([50128]);
  const own = { grant_type: 'client_credentials', scope: 'https://graph.microsoft.com/.default' };
  expect((await send(app, personalAccountTenant, own)).json.error_codes).toEqual([50059]);
});
