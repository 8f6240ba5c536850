import { wellKnownIds } from '@latchkey/microsoft';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededPassword, seededUsers } from '../directory/seed-contoso.ts';
import {
  authorizeUrl,
  crmOrigin,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from './testing/open-test-entra.ts';
import { redeemCode, signInForCode } from './testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
let refreshToken: string;
/** The cookies of a browser where somebody is signed in. */
let signedIn: string;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp({ document: { isFallbackPublicClient: true } });
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app));
  refreshToken = String(json.refresh_token);
  const browser = entra.browser();
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, scope: 'openid' };
  await signIn(await browser.open(authorizeUrl(entra, 2, parameters)));
  signedIn = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
});
afterAll(() => entra.close());

const runs = 300;
const timeLimitMilliseconds = 60_000;
const serverError = 500;

const names = [
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'grant_type',
  'scope',
  'resource',
  'code',
  'device_code',
  'refresh_token',
  'redirect_uri',
  'response_type',
  'response_mode',
  'prompt',
  'login_hint',
  'domain_hint',
  'sid',
  'logout_hint',
  'id_token_hint',
  'nonce',
  'state',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'username',
  'password',
  'assertion',
  'requested_token_use',
  'claims',
  'post_logout_redirect_uri',
  'authorization_endpoint',
  'ctx',
  'step',
  'loginfmt',
  'passwd',
  'otc',
];

/** Values that get past the first checks, beside those that should not. */
function values(): fc.Arbitrary<string> {
  const known = [
    app.clientId,
    app.secret,
    refreshToken,
    crmOrigin,
    `${crmOrigin}/.default`,
    'openid profile offline_access',
    testRedirectUri,
    wellKnownIds.azureCli,
    seededUsers.administrator,
    seededPassword,
    'authorization_code',
    'refresh_token',
    'client_credentials',
    'password',
    'device_code',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
    'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    'on_behalf_of',
    'code id_token',
    'form_post',
    'none',
    'S256',
    'e30.e30.',
    'eyJhbGciOiJub25lIn0.eyJhdWQiOlt7fV19.AA',
    'https://[::1',
    '__proto__',
    '<script>alert(1)</script>',
    '\u0000',
  ];
  return fc.oneof(fc.constantFrom(...known), fc.string(), fc.string({ unit: 'binary', maxLength: 200 }));
}

const tenants = ['contoso.onmicrosoft.com', 'common', 'organizations', 'consumers', '__proto__', '%00'];
const paths = [
  '/oauth2/authorize',
  '/oauth2/v2.0/authorize',
  '/oauth2/token',
  '/oauth2/v2.0/token',
  '/oauth2/devicecode',
  '/oauth2/v2.0/devicecode',
  '/oauth2/deviceauth',
  '/oauth2/logout',
  '/oauth2/v2.0/logout',
  '/adminconsent',
  '/v2.0/adminconsent',
  '/.well-known/openid-configuration',
  '/v2.0/.well-known/openid-configuration',
  '/discovery/keys',
  '/discovery/v2.0/keys',
  '/discovery/instance',
  '/openid/userinfo',
  '/userrealm/x',
  '/login',
  '/consent',
];

function requests() {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), values()), { maxLength: 10 });
  return fc.record({
    method: fc.constantFrom('GET', 'POST'),
    path: fc
      .tuple(fc.constantFrom(...tenants), fc.constantFrom(...paths))
      .map((parts) => `/${parts.join('')}`),
    pairs,
    authorization: fc.option(fc.string().map((text) => `Basic ${Buffer.from(text).toString('base64')}`)),
    cookie: fc.option(fc.oneof(fc.constant(signedIn), fc.stringMatching(/^[\w=; -]{0,60}$/))),
  });
}

it('answers whatever is sent to any address, and never with a fault of its own', {
  timeout: timeLimitMilliseconds,
}, async () => {
  await fc.assert(
    fc.asyncProperty(requests(), async ({ method, path, pairs, authorization, cookie }) => {
      const text = new URLSearchParams(pairs).toString();
      const answer = await entra.app.inject({
        method: method === 'GET' ? 'GET' : 'POST',
        url: method === 'GET' ? `${path}?${text}` : path,
        headers: {
          ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(authorization !== null && { authorization }),
          ...(cookie !== null && { cookie }),
        },
        ...(method === 'POST' && { payload: text }),
      });
      expect(answer.statusCode).toBeLessThan(serverError);
      // JSON may carry what was sent; a page never does unescaped.
      const isPage = String(answer.headers['content-type']).startsWith('text/html');
      expect(isPage ? answer.body : '').not.toContain('<script>alert');
    }),
    { numRuns: runs },
  );
});

it('answers a body of any bytes, and any escape in a query', {
  timeout: timeLimitMilliseconds,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...paths),
      fc.uint8Array({ maxLength: 300 }),
      fc.stringMatching(/^[%&=+a-f0-9]{0,80}$/),
      async (path, bytes, query) => {
        const url = `/contoso.onmicrosoft.com${path}?${query}`;
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const posted = await entra.app.inject({ method: 'POST', url, headers, payload: Buffer.from(bytes) });
        expect(posted.statusCode).toBeLessThan(serverError);
        expect((await entra.app.inject(url)).statusCode).toBeLessThan(serverError);
      },
    ),
    { numRuns: runs },
  );
});
