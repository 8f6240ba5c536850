import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import {
  authorizeUrl,
  claimsOf,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';
import { readRequestedClaims } from './requested-claims.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

const readScope = {
  id: '5fa00000-0000-4000-8000-0000000000b1',
  value: 'read',
  type: 'User',
  isEnabled: true,
  adminConsentDisplayName: 'Read',
  adminConsentDescription: 'Read',
  userConsentDisplayName: null,
  userConsentDescription: null,
} as const;
/** What Microsoft's libraries send with every request. */
const claims = JSON.stringify({
  id_token: { signin_state: { essential: false }, login_hint: { essential: false } },
});

it('adds to the id token what the authorization request asked for', async () => {
  const code = await signInForCode(entra, app, { parameters: { claims } });
  const { json } = await redeemCode(entra, app, code);
  expect(claimsOf(json.id_token)).toHaveProperty('login_hint');
  const next = await refresh(entra, app, json.refresh_token);
  expect(claimsOf(next.json.id_token)).not.toHaveProperty('login_hint');
});

it.each([1, 2] as const)('adds what the token request itself asks for, at v%i', async (version) => {
  const code = await signInForCode(entra, app, { version });
  const { json } = await redeemCode(entra, app, code, { claims }, version);
  expect(claimsOf(json.id_token)).toHaveProperty('login_hint');
});

it('adds it to the id token that comes by the browser', async () => {
  const hybrid = entra.createApp({
    document: {
      web: {
        redirectUris: [testRedirectUri],
        homePageUrl: null,
        logoutUrl: null,
        implicitGrantSettings: { enableIdTokenIssuance: true, enableAccessTokenIssuance: false },
      },
    },
  });
  const parameters = { response_type: 'id_token', nonce: 'n', scope: 'openid', claims };
  const url = authorizeUrl(entra, 2, {
    client_id: hybrid.clientId,
    redirect_uri: testRedirectUri,
    ...parameters,
  });
  const shown = await (await signIn(await entra.browser().open(url))).submit();
  const answer = new URLSearchParams(shown.location?.hash.slice(1));
  expect(claimsOf(answer.get('id_token'))).toHaveProperty('login_hint');
});

it('takes the claim back as a hint of who signs in', async () => {
  const browser = entra.browser();
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, scope: crmScope };
  const shown = await signIn(await browser.open(authorizeUrl(entra, 2, { ...parameters, claims })));
  const code = sentParameter(shown.location ? shown : await shown.submit(), 'code');
  const { json } = await redeemCode(entra, app, code);
  const login_hint = String(claimsOf(json.id_token).login_hint);
  const silent = await browser.open(authorizeUrl(entra, 2, { ...parameters, prompt: 'none', login_hint }));
  expect(sentParameter(silent, 'code')).toBeDefined();
  const elsewhere = await entra.browser().open(authorizeUrl(entra, 2, { ...parameters, login_hint }));
  expect(elsewhere.html).toContain(seededUsers.administrator);
});

it.each(['{', '[]', '"id_token"', 'null'])(
  'refuses the claims %s, and the code stays good',
  async (broken) => {
    const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, scope: crmScope };
    const refused = await entra.browser().open(authorizeUrl(entra, 2, { ...parameters, claims: broken }));
    expect(sentParameter(refused, 'error_description')).toContain('AADSTS90013');
    const code = await signInForCode(entra, app);
    expect((await redeemCode(entra, app, code, { claims: broken })).json.error_codes).toEqual([90013]);
    expect((await redeemCode(entra, app, code)).status).toBe(200);
  },
);

it('tells APIs that want to know it what the client is able to do', async () => {
  const capable = JSON.stringify({ access_token: { xms_cc: { values: ['cp1'] } } });
  const api = entra.createApp({
    document: {
      identifierUris: ['api://challenging'],
      api: { ...emptyApplicationDocument(null).api, oauth2PermissionScopes: [readScope] },
      optionalClaims: { accessToken: [{ name: 'xms_cc' }] },
    },
  });
  const credentials = { client_id: api.clientId, client_secret: api.secret };
  const ask = async (resource: string, asked = capable) => {
    const { json } = await entra.post('/oauth2/v2.0/token', {
      grant_type: 'client_credentials',
      ...credentials,
      scope: `${resource}/.default`,
      claims: asked,
    });
    return claimsOf(json.access_token);
  };
  expect(await ask('api://challenging')).toMatchObject({ xms_cc: ['cp1'] });
  for (const unable of ['{}', '{"access_token":{"xms_cc":{"values":[]}}}', '{"access_token":{"xms_cc":5}}']) {
    expect(await ask('api://challenging', unable)).not.toHaveProperty('xms_cc');
  }
  for (const ofMicrosoft of ['https://graph.microsoft.com', crmOrigin, 'https://management.azure.com']) {
    expect(await ask(ofMicrosoft)).toMatchObject({ xms_cc: ['cp1'] });
    expect(await ask(ofMicrosoft, '{}')).not.toHaveProperty('xms_cc');
  }
  const { clientId } = entra.createApp({ document: { identifierUris: ['api://plain'] } });
  expect(await ask(clientId)).not.toHaveProperty('xms_cc');

  const code = await signInForCode(entra, api, { parameters: { scope: 'api://challenging/read' } });
  const { json } = await redeemCode(entra, api, code, { claims: capable });
  expect(claimsOf(json.access_token)).toMatchObject({ xms_cc: ['cp1'] });
});

it('passes over what is no list of names, and names of no meaning', async () => {
  for (const odd of [
    '{"id_token":null}',
    '{"access_token":{"xms_cc":{"values":[1,{}]}}}',
    '{"id_token":["sid"]}',
    '{"id_token":{"__proto__":{},"constructor":null}}',
  ]) {
    const code = await signInForCode(entra, app);
    expect((await redeemCode(entra, app, code, { claims: odd })).status).toBe(200);
  }
});

it.each([
  [undefined, [], []],
  ['{}', [], []],
  ['{"id_token":{"sid":null,"login_hint":{}}}', ['sid', 'login_hint'], []],
  ['{"access_token":{"xms_cc":{"values":["cp1",5,"ssm"]}}}', [], ['cp1', 'ssm']],
  ['{"access_token":{"xms_cc":{"values":"cp1"}}}', [], []],
  ['{"access_token":{"xms_cc":null}}', [], []],
  ['{"access_token":null}', [], []],
  ['{"access_token":[]}', [], []],
])('reads %s', (text, idToken, capabilities) => {
  expect(readRequestedClaims(text)).toEqual({ idToken, capabilities });
});

it('names the parameter that can not be read', async () => {
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: `${crmOrigin}/.default`,
    claims: '{',
  });
  expect([json.error_codes, json.error_description]).toEqual([
    [90013],
    expect.stringMatching(/^AADSTS90013: .*\bclaims\b/),
  ]);
});
