import { afterAll, beforeAll, expect, test } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
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
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

/** What Microsoft's libraries send with every request. */
const claims = JSON.stringify({
  id_token: { signin_state: { essential: false }, login_hint: { essential: false } },
});

test('adds to the id token what the authorization request asked for', async () => {
  const code = await signInForCode(entra, app, { parameters: { claims } });
  const { json } = await redeemCode(entra, app, code);
  expect(claimsOf(json.id_token)).toHaveProperty('login_hint');
  const next = await refresh(entra, app, json.refresh_token);
  expect(claimsOf(next.json.id_token)).not.toHaveProperty('login_hint');
});

test.each([1, 2] as const)('adds what the token request itself asks for, at v%i', async (version) => {
  const code = await signInForCode(entra, app, { version });
  const { json } = await redeemCode(entra, app, code, { claims }, version);
  expect(claimsOf(json.id_token)).toHaveProperty('login_hint');
});

test('adds it to the id token that comes by the browser', async () => {
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

test('takes the claim back as a hint of who signs in', async () => {
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

test.each(['{', '[]', '"id_token"', 'null'])(
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

test('passes over what is no list of names, and names of no meaning', async () => {
  for (const odd of [
    '{"id_token":null}',
    '{"id_token":["sid"]}',
    '{"id_token":{"__proto__":{},"constructor":null}}',
  ]) {
    const code = await signInForCode(entra, app);
    expect((await redeemCode(entra, app, code, { claims: odd })).status).toBe(200);
  }
});
