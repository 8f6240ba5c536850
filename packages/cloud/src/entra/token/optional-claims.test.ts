import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimsOf, openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import { redeemCode, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
beforeAll(async () => {
  entra = await openTestEntra();
});
afterAll(() => entra.close());

test('adds the claims that an app wants in its id tokens, and passes over what nobody knows', async () => {
  const names = ['auth_time', 'sid', 'login_hint', 'email', 'constructor', 'nonsense'];
  const app = entra.createApp({ document: { optionalClaims: { idToken: names.map((name) => ({ name })) } } });
  const signedInAt = Math.floor(entra.clock.now() / 1000);
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app));
  const claims = claimsOf(json.id_token);
  expect(claims).toMatchObject({ email: 'admin@contoso.onmicrosoft.com', sid: expect.any(String) });
  expect(Math.abs(Number(claims.auth_time) - signedInAt)).toBeLessThan(60);
  expect(claims).toHaveProperty('login_hint');
  expect(Object.keys(claims)).not.toContain('constructor');
  expect(claims).not.toHaveProperty('nonsense');
});

test('adds idtyp to an app-only token of an API that wants it', async () => {
  const app = entra.createApp({
    document: { identifierUris: ['api://ledger'], optionalClaims: { accessToken: [{ name: 'idtyp' }] } },
  });
  const { json } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: 'api://ledger/.default',
  });
  expect(claimsOf(json.access_token).idtyp).toBe('app');
});
