import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findUserByName, revokeSignInSessions, updateUserProfile } from '../../directory/users.ts';
import {
  authorizeUrl,
  crmOrigin,
  offeredAccounts,
  openTestEntra,
  sentParameter,
  signIn,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser } from '../testing/scripted-browser.ts';
import { crmScope } from '../testing/sign-in-for-code.ts';

let entra: TestEntra;
let app: TestApp;
let signedIn: ScriptedBrowser;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
  signedIn = entra.browser();
  await (await signIn(await signedIn.open(url()))).submit();
});
afterEach(() => entra.close());

const minutes11 = 660_000;
const day = 86_400_000;

function url(changes: Record<string, string> = {}, version: 1 | 2 = 2, tenant?: string): string {
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, state: 's1', scope: crmScope };
  return authorizeUrl(entra, version, { ...parameters, ...changes }, tenant);
}

it.each<[string, Record<string, string>, string | undefined, string]>([
  ['an unknown client', { client_id: '11111111-1111-1111-1111-111111111111' }, undefined, 'AADSTS700016'],
  ['no client', { client_id: '' }, undefined, 'AADSTS900144'],
  ['the zero GUID', { client_id: '00000000-0000-0000-0000-000000000000' }, undefined, 'AADSTS700038'],
  ['a client id that is none', { client_id: 'your-client-id' }, 'common', 'AADSTS700038'],
  [
    'a redirect URI that is not registered',
    { redirect_uri: 'https://evil.example/' },
    undefined,
    'AADSTS50011',
  ],
  ['another case in the path', { redirect_uri: 'http://localhost:9999/Callback' }, undefined, 'AADSTS50011'],
  ['an unknown tenant', {}, 'fabrikam.com', 'AADSTS90002'],
  ['a single-tenant app on common', {}, 'common', 'AADSTS50194'],
  ['a work app on consumers', {}, 'consumers', 'AADSTS9002332'],
])('shows a page and redirects nowhere for %s', async (_name, changes, tenant, code) => {
  const shown = await entra.browser().open(url(changes, 2, tenant));
  expect(shown.status).toBe(400);
  expect(shown.location).toBeUndefined();
  expect(shown.html).toContain("Sorry, but we're having trouble signing you in.");
  expect(shown.html).toContain(code);
  for (const label of ['Request Id', 'Correlation Id', 'Timestamp']) expect(shown.html).toContain(label);
});

it('escapes what it repeats of the request', async () => {
  const shown = await entra.browser().open(url({ redirect_uri: '"><script>alert(1)</script>' }));
  expect(shown.html).not.toContain('<script>alert');
});

it.each<[string, Record<string, string>, 1 | 2, string, string]>([
  [
    'an unsupported response type',
    { response_type: 'cookie' },
    2,
    'unsupported_response_type',
    'AADSTS70005',
  ],
  ['an unknown response mode', { response_mode: 'smoke' }, 2, 'invalid_request', 'AADSTS70007'],
  ['an unknown prompt', { prompt: 'maybe' }, 2, 'invalid_request', 'AADSTS90023'],
  ['admin_consent on v2', { prompt: 'admin_consent' }, 2, 'invalid_request', 'AADSTS90023'],
  ['prompt=none beside another', { prompt: 'none login' }, 2, 'invalid_request', 'AADSTS90023'],
  ['prompt=none beside another on v1', { prompt: 'login none' }, 1, 'invalid_request', 'AADSTS90023'],
  ['no scope on v2', { scope: '' }, 2, 'invalid_request', 'AADSTS900144'],
  ['resource on v2', { resource: crmOrigin }, 2, 'invalid_request', 'AADSTS901002'],
  ['two APIs at once', { scope: `${crmOrigin}/.default User.Read` }, 2, 'invalid_scope', 'AADSTS700022'],
  ['an unknown scope', { scope: `${crmOrigin}/nonsense` }, 2, 'invalid_client', 'AADSTS650053'],
  [
    'an unknown CRM',
    { scope: 'https://fabrikam.crm4.dynamics.com/.default' },
    2,
    'invalid_resource',
    'AADSTS500011',
  ],
  [
    'an unknown CRM on v1',
    { resource: 'https://fabrikam.crm.dynamics.com' },
    1,
    'invalid_resource',
    'AADSTS500011',
  ],
  [
    'a short challenge',
    { code_challenge: 'short', code_challenge_method: 'S256' },
    2,
    'invalid_request',
    'AADSTS501491',
  ],
  [
    'an S256 challenge of the wrong size',
    { code_challenge: 'x'.repeat(60), code_challenge_method: 'S256' },
    2,
    'invalid_request',
    'AADSTS501491',
  ],
  [
    'an unknown challenge method',
    { code_challenge: 'x'.repeat(43), code_challenge_method: 'S1' },
    2,
    'invalid_request',
    'AADSTS90013',
  ],
  ['prompt=none and nobody signed in', { prompt: 'none' }, 2, 'login_required', 'AADSTS50058'],
])('sends %s back to the app', async (_name, changes, version, error, code) => {
  const shown = await entra.browser().open(url(changes, version));
  expect(shown.status).toBe(302);
  expect(sentParameter(shown, 'error')).toBe(error);
  expect(sentParameter(shown, 'state')).toBe('s1');
  expect(sentParameter(shown, 'error_description')).toMatch(new RegExp(`^${code}: [^{}]*\r\nTrace ID: `));
});

it('separates the parts of a description by %0D%0A', async () => {
  const shown = await entra.browser().open(url({ prompt: 'none' }));
  expect(shown.location?.search).toMatch(/%0D%0ATrace\+ID%3A\+/);
});

it('answers HEAD', async () => {
  const answer = await entra.app.inject({ method: 'HEAD', url: url() });
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
});

it('takes the parameters of a POST from its body', async () => {
  const query = url().split('?')[1] ?? '';
  const shown = await entra
    .browser()
    .post(`/${entra.tenant.id}/oauth2/v2.0/authorize`, Object.fromEntries(new URLSearchParams(query)));
  expect(hasElement(shown, 'i0116')).toBe(true);
});

it('protects its pages', async () => {
  const shown = await entra.browser().open(url());
  const policy = String(shown.headers['content-security-policy']);
  const [, nonce = ''] = /style-src 'nonce-([^']+)'/.exec(policy) ?? [];
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(shown.html).toContain(`<style nonce="${nonce}">`);
  expect(shown.html).not.toMatch(/ style="| onclick=/);
  expect(shown.headers['set-cookie']).toMatch(/^esctx=.*; Path=\/; HttpOnly; SameSite=Lax$/);
});

it('answers in the fragment, and by a form that sends itself', async () => {
  const fragment = await signedIn.open(url({ response_mode: 'fragment' }));
  expect(fragment.location?.search).toBe('');
  expect(new URLSearchParams(fragment.location?.hash.slice(1)).get('code')).toMatch(/^1\.AX/);
  const form = await signedIn.open(url({ response_mode: 'form_post' }));
  expect(form.status).toBe(200);
  expect(form.html).toContain(`<form method="post" action="${testRedirectUri}">`);
  expect(form.html).toContain('name="code"');
  expect(form.html).toContain('<input type="hidden" name="state" value="s1">');
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(String(form.headers['content-security-policy'])) ?? [];
  expect(form.html).toContain(`<script nonce="${nonce}">document.forms[0].submit();</script>`);
});

it('gives a code as long as real ones', async () => {
  expect(sentParameter(await signedIn.open(url()), 'code').length).toBeGreaterThan(500);
});

it('ignores the port of a loopback redirect URI and answers to the one that was sent', async () => {
  const shown = await signedIn.open(url({ redirect_uri: 'http://localhost:51000/callback' }));
  expect(shown.location?.origin).toBe('http://localhost:51000');
});

it('takes the first registered redirect URI where none is sent', async () => {
  const shown = await signedIn.open(url({ redirect_uri: '' }));
  expect(shown.location?.href.startsWith(testRedirectUri)).toBe(true);
});

it('a login hint goes straight to the password, and past a session of somebody else', async () => {
  const fresh = await entra.browser().open(url({ login_hint: seededUsers.salesperson }));
  expect(hasElement(fresh, 'i0118')).toBe(true);
  expect(fresh.html).toContain(seededUsers.salesperson);
  expect(hasElement(await signedIn.open(url({ login_hint: seededUsers.salesperson })), 'i0118')).toBe(true);
  expect(
    sentParameter(await signedIn.open(url({ login_hint: seededUsers.administrator })), 'code'),
  ).toBeDefined();
});

it('the page says which of name and password is wrong, as the real one does', async () => {
  const page = await entra.browser().open(url());
  const unknown = await page.submit({ loginfmt: 'nobody@contoso.onmicrosoft.com' });
  expect(unknown.html).toContain('This username may be incorrect.');
  expect(unknown.html).toContain('50034');
  const wrong = await signIn(page).then(() =>
    page.submit({ loginfmt: seededUsers.salesperson, passwd: 'x' }),
  );
  expect(wrong.html).toContain('Your account or password is incorrect.');
  expect(wrong.html).toContain('50126');
  expect(hasElement(wrong, 'i0118')).toBe(true);
  const fresh = await (await entra.browser().open(url())).submit({ loginfmt: seededUsers.salesperson });
  expect(hasElement(await fresh.submit({}, 'idBtn_Back'), 'i0116')).toBe(true);
});

it('a disabled person is told so, and only with the right password', async () => {
  const { directory } = entra.context;
  const id = findUserByName(directory, seededUsers.withoutLicence)?.id ?? '';
  updateUserProfile(directory, id, { enabled: false });
  const shown = await signIn(await entra.browser().open(url()), seededUsers.withoutLicence);
  updateUserProfile(directory, id, { enabled: true });
  expect(shown.html).toContain('50057');
  expect(shown.location).toBeUndefined();
});

it("another browser can't answer a page", async () => {
  const page = await entra.browser().open(url());
  const ctx = /name="ctx" value="([^"]+)"/.exec(page.html)?.[1] ?? '';
  const stranger = entra.browser();
  await stranger.open(url());
  const shown = await stranger.post(`/${entra.tenant.id}/login`, {
    ctx,
    loginfmt: seededUsers.administrator,
    passwd: 'Pass@word1',
  });
  expect(shown.status).toBe(400);
  expect(shown.html).toContain('AADSTS50089');
});

it('a session ends when the person is signed out everywhere, and after a day', async () => {
  const browser = entra.browser();
  const first = await signIn(await browser.open(url()), seededUsers.salesperson);
  expect(sentParameter(await first.submit(), 'code')).toBeDefined();
  entra.clock.advance(1);
  const { directory } = entra.context;
  revokeSignInSessions(directory, findUserByName(directory, seededUsers.salesperson)?.id ?? '');
  expect(offeredAccounts(await browser.open(url()))).toEqual([`${seededUsers.salesperson}: Signed out`]);
  entra.clock.advance(minutes11);
  await signIn(await browser.open(url()), seededUsers.salesperson);
  expect((await browser.open(url())).status).toBe(302);
  entra.clock.advance(day);
  expect(offeredAccounts(await browser.open(url()))).toEqual([`${seededUsers.salesperson}: Signed out`]);
});

it('signs in over common with the tenant of the person', async () => {
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const shown = await signIn(await entra.browser().open(url({ client_id: multi.clientId }, 2, 'common')));
  expect(sentParameter(await shown.submit(), 'code')).toBeDefined();
});

it('refuses a person from another tenant', async () => {
  const multi = entra.createApp({ document: { signInAudience: 'AzureADMultipleOrgs' } });
  const shown = await signIn(
    await entra.browser().open(url({ client_id: multi.clientId }, 1, 'microsoftservices.onmicrosoft.com')),
  );
  expect(shown.html).toContain('50020');
  expect(shown.location).toBeUndefined();
});

it.each(['query', 'fragment'])(
  'keeps the query of a redirect URI beside an answer in the %s',
  async (mode) => {
    const redirect_uri = 'http://localhost:9999/callback?from=latchkey&x=1';
    const own = entra.createApp({
      document: { web: { ...app.application.document.web, redirectUris: [redirect_uri] } },
    });
    const asked = { client_id: own.clientId, redirect_uri, response_mode: mode, prompt: 'none' };
    const { location } = await entra.browser().open(url(asked));
    expect(location?.href.startsWith(`${redirect_uri}${mode === 'query' ? '&' : '#'}error=`)).toBe(true);
    const answer = new URLSearchParams(mode === 'query' ? location?.search : location?.hash.slice(1));
    expect([answer.get('error'), answer.get('state')]).toEqual(['login_required', 's1']);
  },
);
