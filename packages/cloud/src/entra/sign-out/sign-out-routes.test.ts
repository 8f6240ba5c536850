import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { makeLoginHint } from '../../directory/login-hint.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findUserByName } from '../../directory/users.ts';
import {
  authorizeUrl,
  offeredAccounts,
  openTestEntra,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';
import { crmScope, redeemCode, refresh, signInForCode } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
let browser: ScriptedBrowser;
beforeAll(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
beforeEach(() => {
  browser = entra.browser();
});
afterAll(() => entra.close());

const { administrator, salesperson } = seededUsers;
const generations = ['oauth2/logout', 'oauth2/v2.0/logout'] as const;

function authorize(more: Record<string, string> = {}, clientId = app.clientId): Promise<Shown> {
  const parameters = { client_id: clientId, redirect_uri: testRedirectUri, scope: crmScope, ...more };
  return browser.open(authorizeUrl(entra, 2, parameters));
}

/** Adds accounts to the browser; the last of them stands first. */
async function addAccounts(...users: string[]): Promise<void> {
  for (const user of users) {
    const shown = await signIn(await authorize({ prompt: 'login', login_hint: user }), user);
    if (hasElement(shown, 'idBtn_Back')) await shown.submit();
    entra.clock.advance(1);
  }
}

function signOut(
  path: (typeof generations)[number],
  parameters: Record<string, string> = {},
  tenant = 'common',
): Promise<Shown> {
  return browser.open(`/${tenant}/${path}?${new URLSearchParams(parameters).toString()}`);
}

async function accountStates(): Promise<string[]> {
  return offeredAccounts(await authorize({ prompt: 'select_account' }));
}

function hintOf(userPrincipalName: string): string {
  return makeLoginHint({ userPrincipalName });
}

/** Whom the page offers to sign out. */
function namesOn({ html }: Shown): (string | undefined)[] {
  return [...html.matchAll(/data-test-id="([^"]+)"/g)].map(([, name]) => name);
}

/** An id token of the hybrid flow, which is signed at both generations. */
async function idTokenOf(user: string, version: 1 | 2): Promise<string> {
  const { web } = emptyApplicationDocument(null);
  const hybrid = entra.createApp({
    document: {
      web: {
        ...web,
        redirectUris: [testRedirectUri],
        implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
      },
    },
  });
  const url = authorizeUrl(entra, version, {
    client_id: hybrid.clientId,
    redirect_uri: testRedirectUri,
    response_type: 'id_token',
    nonce: 'n',
    ...(version === 2 && { scope: 'openid' }),
    login_hint: user,
  });
  const shown = await browser.open(url);
  const { location } = shown.location ? shown : await shown.submit();
  return new URLSearchParams(location?.hash.slice(1)).get('id_token') ?? '';
}

it('v1 ends the only session at once', async () => {
  await addAccounts(administrator);
  const stolen = browser.cookies.get('ESTSAUTH') ?? '';
  const shown = await signOut('oauth2/logout');
  expect(shown.html).toContain('You signed out of your account');
  browser.cookies.set('ESTSAUTH', stolen);
  expect(await accountStates()).toEqual([`${administrator}: Signed out`]);
});

it.each([
  ['oauth2/logout', [administrator, salesperson]],
  ['oauth2/v2.0/logout', [administrator]],
  ['oauth2/v2.0/logout', [administrator, salesperson]],
] as const)('%s asks which of %j is meant, and ends that session alone', async (path, users) => {
  await addAccounts(...users);
  const ask = await signOut(path, { post_logout_redirect_uri: testRedirectUri, state: 'a&b' });
  expect(ask.html).toContain('Which account do you want to sign out of?');
  expect(namesOn(ask)).toEqual(users.toReversed());
  const done = await ask.submit({}, hintOf(administrator));
  expect(done.location?.href).toBe(`${testRedirectUri}?state=a%26b`);
  expect(await accountStates()).toEqual([
    ...(users.length > 1 ? [`${salesperson}: Signed in`] : []),
    `${administrator}: Signed out`,
  ]);
});

it.each(generations)('%s asks nothing where a hint names the account', async (path) => {
  await addAccounts(administrator, salesperson);
  const parameters = { post_logout_redirect_uri: testRedirectUri };
  const hinted = await signOut(path, { ...parameters, logout_hint: hintOf(salesperson) });
  expect(hinted.location?.href).toBe(testRedirectUri);
  expect(await accountStates()).toEqual([`${administrator}: Signed in`, `${salesperson}: Signed out`]);
  const again = await signOut(path, { ...parameters, logout_hint: hintOf(salesperson) });
  expect(again.location?.href).toBe(testRedirectUri);
  expect(await accountStates()).toContain(`${administrator}: Signed in`);
});

it.each<1 | 2>([1, 2])('takes an id token of v%i as a hint, an old one too', async (version) => {
  await addAccounts(administrator, salesperson);
  const idToken = await idTokenOf(salesperson, version);
  entra.clock.advance(7_200_000);
  await signOut('oauth2/v2.0/logout', { id_token_hint: idToken });
  expect(await accountStates()).toEqual([`${administrator}: Signed in`, `${salesperson}: Signed out`]);
});

it('takes no sign-in name, forged token or rubbish for a hint', async () => {
  await addAccounts(administrator);
  const { id = '' } = findUserByName(entra.context.directory, administrator) ?? {};
  const [head, , signature] = (await idTokenOf(administrator, 2)).split('.');
  const payload = Buffer.from(JSON.stringify({ oid: id })).toString('base64url');
  const none = Buffer.from('{"alg":"none"}').toString('base64url');
  const hints: Record<string, string>[] = [
    { logout_hint: administrator },
    { logout_hint: id },
    { id_token_hint: `${head}.${payload}.${signature}` },
    { id_token_hint: `${none}.${payload}.` },
    { id_token_hint: 'rubbish' },
  ];
  for (const hint of hints) {
    const ask = await signOut('oauth2/v2.0/logout', hint);
    expect(ask.html).toContain('Which account do you want to sign out of?');
  }
});

it('goes back to a registered address, with the state, and to no other', async () => {
  const path = 'oauth2/v2.0/logout';
  await addAccounts(administrator);
  const hint = { logout_hint: hintOf(administrator) };
  const parameters = { post_logout_redirect_uri: testRedirectUri, state: 'x', ...hint };
  const back = await signOut(path, parameters, entra.tenant.id);
  expect(back.location?.href).toBe(`${testRedirectUri}?state=x`);
  await addAccounts(administrator);
  const foreign = { post_logout_redirect_uri: 'https://evil.example/"><script>' };
  const ask = await signOut(path, foreign, entra.tenant.id);
  expect(ask.html).not.toContain('<script>');
  const page = await ask.submit({}, hintOf(administrator));
  expect(page.location).toBeUndefined();
  expect(page.html).toContain('You signed out of your account');
});

it('with nobody signed in goes straight on', async () => {
  expect((await signOut('oauth2/v2.0/logout')).html).toContain('You signed out of your account');
  const back = await signOut('oauth2/logout', { post_logout_redirect_uri: testRedirectUri });
  expect(back.location?.href).toBe(testRedirectUri);
});

it('tells the apps that this person signed in to, and no others, then goes on', async () => {
  const { web } = emptyApplicationDocument(null);
  const appWith = (logoutUrl: string) =>
    entra.createApp({ document: { web: { ...web, redirectUris: [testRedirectUri], logoutUrl } } });
  const visit = async (user: string, { clientId }: TestApp) => {
    const page = await authorize({ login_hint: user }, clientId);
    return (page.location ? page : await page.submit()).location?.searchParams.get('session_state');
  };
  await addAccounts(administrator, salesperson);
  const sid = await visit(administrator, appWith('https://other.example/logout?a=b'));
  await visit(salesperson, appWith('https://theirs.example/logout'));
  const out = await signOut('oauth2/v2.0/logout', {
    post_logout_redirect_uri: testRedirectUri,
    logout_hint: hintOf(administrator),
  });
  expect(out.html).toContain(`<iframe src="https://other.example/logout?a=b&amp;sid=${sid}&amp;iss=`);
  expect(out.html).not.toContain('theirs.example');
  expect(out.html).toContain(`content="2;url=${testRedirectUri}"`);
  expect(out.headers['content-security-policy']).toContain('frame-src https://other.example');
});

it('leaves refresh tokens alive', async () => {
  const { json } = await redeemCode(entra, app, await signInForCode(entra, app));
  await addAccounts(administrator);
  await signOut('oauth2/logout');
  expect((await refresh(entra, app, json.refresh_token)).status).toBe(200);
});
