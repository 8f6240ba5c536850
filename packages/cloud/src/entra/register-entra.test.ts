import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  authorizeUrl,
  claimsOf,
  crmOrigin,
  openTestEntra,
  sentParameter,
  signIn,
  type TestEntra,
  testRedirectUri,
} from './testing/open-test-entra.ts';
import { hasElement } from './testing/scripted-browser.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

it('the article: sign in by v1, consent, redeem the code with resource and secret', async () => {
  const { clientId, secret } = entra.createApp({ isInstalled: false });
  const browser = entra.browser();
  const name = await browser.open(
    authorizeUrl(entra, 1, { prompt: 'login', redirect_uri: testRedirectUri, client_id: clientId }),
  );
  expect(name.status).toBe(200);
  expect(['i0116', 'idSIButton9'].every((id) => hasElement(name, id))).toBe(true);
  const password = await name.submit({ loginfmt: 'Admin@contoso.onmicrosoft.com' });
  expect(['i0118', 'idSIButton9', 'idBtn_Back'].every((id) => hasElement(password, id))).toBe(true);
  const stay = await password.submit({ passwd: 'Pass@word1' });
  expect(stay.html).toContain('Stay signed in?');
  const consent = await stay.submit();
  expect(consent.html).toContain('Permissions requested');
  expect(consent.html).toContain('Access Common Data Service as you');
  expect(consent.html).toContain('unverified');
  const done = await consent.submit();
  expect(done.status).toBe(302);
  expect(done.location?.href.startsWith(`${testRedirectUri}?`)).toBe(true);

  const { status, headers, json } = await entra.post('/oauth2/token', {
    client_id: clientId,
    grant_type: 'authorization_code',
    code: sentParameter(done, 'code'),
    redirect_uri: testRedirectUri,
    resource: crmOrigin,
    client_secret: secret,
  });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store, no-cache');
  expect(json).toMatchObject({ token_type: 'Bearer', scope: 'user_impersonation', resource: crmOrigin });
  const { expires_in, ext_expires_in, expires_on, not_before } = json;
  expect([expires_in, ext_expires_in, expires_on, not_before].every((item) => typeof item === 'string')).toBe(
    true,
  );
  expect(Number(expires_on) - Number(not_before)).toBe(Number(expires_in) + 301);
  expect(claimsOf(json.access_token)).toMatchObject({
    aud: crmOrigin,
    iss: `https://sts.windows.net/${entra.tenant.id}/`,
    appid: clientId,
    appidacr: '1',
    scp: 'user_impersonation',
    tid: entra.tenant.id,
    upn: 'admin@contoso.onmicrosoft.com',
    ver: '1.0',
  });
  expect(typeof json.refresh_token).toBe('string');
});

it('the second sign-in of the same browser asks nothing', async () => {
  const { clientId } = entra.createApp();
  const browser = entra.browser();
  const url = authorizeUrl(entra, 1, { client_id: clientId, redirect_uri: testRedirectUri, state: 'a b&c' });
  const first = await (await signIn(await browser.open(url))).submit();
  expect(sentParameter(first, 'state')).toBe('a b&c');
  const second = await browser.open(url);
  expect(second.status).toBe(302);
  expect(sentParameter(second, 'code')).not.toBe(sentParameter(first, 'code'));
  expect(sentParameter(second, 'session_state')).toBe(sentParameter(first, 'session_state'));
});
