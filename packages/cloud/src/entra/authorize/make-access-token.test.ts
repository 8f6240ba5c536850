import { createHash } from 'node:crypto';
import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { verifyAccessToken } from '../../jwt/verify-access-token.ts';
import {
  authorizeUrl,
  claimsOf,
  crmAccess,
  crmOrigin,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';

const crmScope = `${crmOrigin}/user_impersonation`;
let entra: TestEntra;
let app: TestApp;
beforeAll(async () => {
  entra = await openTestEntra();
  app = implicitApp({ enableAccessTokenIssuance: true, enableIdTokenIssuance: true });
});
afterAll(() => entra.close());

function implicitApp(implicitGrantSettings: {
  enableAccessTokenIssuance: boolean;
  enableIdTokenIssuance: boolean;
}): TestApp {
  const { web } = emptyApplicationDocument(null);
  const userRead = wellKnownScopes.microsoftGraph['User.Read'].id;
  return entra.createApp({
    document: {
      web: { ...web, redirectUris: [testRedirectUri], implicitGrantSettings },
      requiredResourceAccess: [
        crmAccess,
        {
          resourceAppId: wellKnownIds.microsoftGraph,
          resourceAccess: [{ id: userRead, type: 'Scope' }],
        },
      ],
    },
  });
}

async function ask(
  changes: Record<string, string>,
  version: 1 | 2 = 2,
  { clientId } = app,
  browser: ScriptedBrowser = entra.browser(),
): Promise<Shown> {
  const url = authorizeUrl(entra, version, {
    response_type: 'token',
    client_id: clientId,
    redirect_uri: testRedirectUri,
    state: 'xyz',
    nonce: 'n-1',
    ...(version === 2 ? { scope: crmScope } : { resource: crmOrigin }),
    ...changes,
  });
  const page = await browser.open(url);
  if (page.location) return page;
  const shown = hasElement(page, 'i0116') ? await signIn(page) : page;
  return hasElement(shown, 'idBtn_Back') ? shown.submit() : shown;
}

function answerOf({ location, html }: Shown): Record<string, string> {
  if (!location) throw new Error(html);
  expect(location.search).toBe('');
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

it.each([1, 2] as const)('gives an access token in the fragment (v%i)', async (version) => {
  const answer = answerOf(await ask({}, version));
  expect(Object.keys(answer).toSorted()).toEqual(
    ['access_token', 'expires_in', 'scope', 'session_state', 'state', 'token_type'].toSorted(),
  );
  expect(answer).toMatchObject({
    token_type: 'Bearer',
    state: 'xyz',
    scope: version === 1 ? 'user_impersonation' : crmScope,
  });
  expect(Number(answer.expires_in)).toBeGreaterThanOrEqual(3599);
  expect(verifyAccessToken(entra.context, answer.access_token)).toMatchObject({
    valid: true,
    claims: { aud: crmOrigin, appid: app.clientId, scp: 'user_impersonation', appidacr: '0' },
  });
});

it.each([1, 2] as const)('binds the id token beside it to it (v%i)', async (version) => {
  const changes = { response_type: 'id_token token', scope: `openid profile ${crmScope}` };
  const answer = answerOf(await ask(changes, version));
  const half = createHash('sha256')
    .update(answer.access_token ?? '')
    .digest()
    .subarray(0, 16);
  expect(claimsOf(answer.id_token)).toMatchObject({
    at_hash: half.toString('base64url'),
    nonce: 'n-1',
    ver: `${version}.0`,
  });
});

it('gives it by a form where the app asks so', async () => {
  const { html } = await ask({ response_mode: 'form_post' });
  expect(html).toContain('name="access_token"');
  expect(html).toContain('name="expires_in"');
});

it('renews it silently, also for another API, as pages do in a hidden frame', async () => {
  const browser = entra.browser();
  const page = implicitApp({ enableAccessTokenIssuance: true, enableIdTokenIssuance: false });
  await ask({}, 2, page, browser);
  const again = answerOf(await ask({ prompt: 'none' }, 2, page, browser));
  expect(claimsOf(again.access_token).aud).toBe(crmOrigin);
  const refused = answerOf(await ask({ prompt: 'none', scope: 'User.Read' }, 2, page, browser));
  expect(refused).toMatchObject({ error: 'consent_required', state: 'xyz' });
  expect(refused.error_description).toContain('AADSTS65001');
  await ask({ scope: 'User.Read', prompt: 'consent' }, 2, page, browser);
  const graph = answerOf(await ask({ prompt: 'none', scope: 'User.Read' }, 2, page, browser));
  expect(claimsOf(graph.access_token)).toMatchObject({ aud: wellKnownIds.microsoftGraph });
});

it.each<[string, Record<string, string>, 1 | 2, string]>([
  ['a query', { response_mode: 'query' }, 2, 'AADSTS70007'],
  ['an unknown type beside it', { response_type: 'token other' }, 2, 'AADSTS70005'],
  ['a code beside it', { response_type: 'code id_token token' }, 2, 'AADSTS70005'],
  ['sign-in scopes alone', { scope: 'openid profile' }, 2, 'AADSTS700023'],
  ['no resource', { resource: '' }, 1, 'AADSTS900144'],
])('refuses %s, in the fragment', async (_name, changes, version, code) => {
  const answer = answerOf(await ask(changes, version));
  expect([answer.error_description?.split(':')[0], answer.state]).toEqual([code, 'xyz']);
});

it.each([
  ['token', { enableAccessTokenIssuance: false, enableIdTokenIssuance: true }, 'AADSTS700051'],
  ['id_token token', { enableAccessTokenIssuance: true, enableIdTokenIssuance: false }, 'AADSTS700054'],
])('gives no %s to an app that did not turn it on', async (responseType, settings, code) => {
  const parameters = { response_type: responseType, scope: `openid ${crmScope}` };
  const answer = answerOf(await ask(parameters, 2, implicitApp(settings)));
  expect([answer.error, answer.error_description?.split(':')[0]]).toEqual([
    'unsupported_response_type',
    code,
  ]);
  expect(answer).not.toHaveProperty('access_token');
});
