import { afterAll, beforeAll, expect, test } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import {
  authorizeUrl,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser } from '../testing/scripted-browser.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterAll(() => entra.close());

function url(): string {
  return authorizeUrl(entra, 2, { client_id: app.clientId, redirect_uri: testRedirectUri, scope: crmScope });
}

async function signedIn(): Promise<ScriptedBrowser> {
  const browser = entra.browser();
  const shown = await signIn(await browser.open(url()));
  if (hasElement(shown, 'idBtn_Back')) await shown.submit();
  return browser;
}

test.each(['oauth2/logout', 'oauth2/v2.0/logout'])('%s ends the session', async (path) => {
  const browser = await signedIn();
  const stolen = browser.cookies.get('ESTSAUTH') ?? '';
  const shown = await browser.open(`/common/${path}`);
  expect(shown.html).toContain('You signed out of your account');
  expect(browser.cookies.has('ESTSAUTH')).toBe(false);
  browser.cookies.set('ESTSAUTH', stolen);
  expect(hasElement(await browser.open(url()), 'i0116')).toBe(true);
});

test('goes back to a registered address, with the state, and to no other', async () => {
  const path = `/${entra.tenant.id}/oauth2/v2.0/logout`;
  const registered = new URLSearchParams({ post_logout_redirect_uri: testRedirectUri, state: 'x' });
  const back = await (await signedIn()).open(`${path}?${registered.toString()}`);
  expect(back.location?.href).toBe(`${testRedirectUri}?state=x`);
  const foreign = new URLSearchParams({ post_logout_redirect_uri: 'https://evil.example/' });
  const page = await (await signedIn()).open(`${path}?${foreign.toString()}`);
  expect(page.location).toBeUndefined();
});

test('tells the other apps that the person signed in to, then goes on', async () => {
  const logoutUrl = 'https://other.example/logout?a=b';
  const { web } = emptyApplicationDocument(null);
  const other = entra.createApp({
    document: { web: { ...web, redirectUris: [testRedirectUri], logoutUrl } },
  });
  const browser = await signedIn();
  const page = await browser.open(
    authorizeUrl(entra, 2, { client_id: other.clientId, redirect_uri: testRedirectUri, scope: crmScope }),
  );
  const { location } = page.location ? page : await page.submit();
  const sid = location?.searchParams.get('session_state');
  const query = new URLSearchParams({ post_logout_redirect_uri: testRedirectUri });
  const out = await browser.open(`/${entra.tenant.id}/oauth2/v2.0/logout?${query.toString()}`);
  expect(out.html).toContain(`<iframe src="https://other.example/logout?a=b&amp;sid=${sid}&amp;iss=`);
  expect(out.html).toContain(`content="2;url=${testRedirectUri}"`);
  expect(out.headers['content-security-policy']).toContain('frame-src https://other.example');
});

test('leaves refresh tokens alive', async () => {
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app));
  await (await signedIn()).open('/common/oauth2/logout');
  expect((await refresh(entra, app, json.refresh_token)).status).toBe(200);
});
