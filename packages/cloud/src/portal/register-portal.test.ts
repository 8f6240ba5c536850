import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../directory/seed-contoso.ts';
import { findUserByName, revokeSignInSessions, updateUserProfile } from '../directory/users.ts';
import { signIn } from '../entra/testing/open-test-entra.ts';
import { hiddenFields, openTestPortal, type TestPortal } from './testing/open-test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await openTestPortal();
});

afterEach(() => portal.close());

const hour = 3_600_000;
const idOf = (name: string) => findUserByName(portal.context.directory, name)?.id ?? '';

it('leads a stranger to Entra ID and, signed in, to the page that was asked for', async () => {
  const browser = portal.browser();
  const sent = await browser.open('/directory?from=bookmark');
  expect(sent.status).toBe(303);
  expect(sent.location?.href).toMatch(/^http:\/\/localhost:4481\/organizations\/oauth2\/v2\.0\/authorize\?/);
  expect(sent.location?.searchParams.get('code_challenge_method')).toBe('S256');
  const { pathname, search } = sent.location ?? new URL('http://nowhere');
  const done = await signIn(await portal.entra.browser().open(pathname + search));
  expect(done.location?.origin).toBe('http://localhost:4484');
  const back = await browser.open(`${done.location?.pathname}${done.location?.search}`);
  expect(back.location?.pathname).toBe('/directory');
  const page = await browser.open('/directory');
  expect(page.html).toContain(portal.tenant.id);
  expect(page.html).toContain('admin@contoso.onmicrosoft.com');
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
});

it('takes no code that was meant for another browser', async () => {
  const sent = await portal.browser().open('/');
  const done = await signIn(
    await portal.entra.browser().open(`${sent.location?.pathname}${sent.location?.search}`),
  );
  const shown = await portal.browser().open(`${done.location?.pathname}${done.location?.search}`);
  expect(shown.status).toBe(400);
  expect(shown.html).toContain('was not started in this browser');
});

it('shows why Entra ID refused a sign-in, escaped', async () => {
  const browser = portal.browser();
  const sent = await browser.open('/');
  const parameters = new URLSearchParams({
    state: sent.location?.searchParams.get('state') ?? '',
    error: 'access_denied',
    error_description: '<script>alert(1)</script>',
  });
  const refused = await browser.open(`/signin/index/?${parameters.toString()}`);
  expect(refused.status).toBe(400);
  expect(refused.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  parameters.delete('error');
  parameters.set('code', 'invented');
  expect((await browser.open(`/signin/index/?${parameters.toString()}`)).html).toContain('AADSTS');
});

it('takes no form without the token of the session', async () => {
  const browser = await portal.signIn();
  const shown = await browser.post('/signout', { form_token: 'guessed' });
  expect(shown.status).toBe(403);
  expect((await browser.open('/')).status).toBe(200);
});

it('signs out here and at Entra ID', async () => {
  const browser = await portal.signIn();
  const { html } = await browser.open('/');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  const kept = new Map(browser.cookies);
  const sent = await browser.post('/signout', { form_token: token });
  expect(sent.location?.pathname).toBe('/common/oauth2/v2.0/logout');
  const left = await portal.entra.browser().open(`${sent.location?.pathname}${sent.location?.search}`);
  expect(left.location?.href).toBe('http://localhost:4484/signed-out');
  expect((await browser.open('/signed-out')).html).toContain('You signed out');
  for (const [name, value] of kept) browser.cookies.set(name, value);
  expect((await browser.open('/')).status).toBe(303);
});

it('ends a session after a working day, when its user is disabled, and when all sessions are revoked', async () => {
  const [first, second, third] = [
    await portal.signIn(),
    await portal.signIn(seededUsers.salesperson),
    await portal.signIn(seededUsers.withoutLicence),
  ];
  updateUserProfile(portal.context.directory, idOf(seededUsers.salesperson), { enabled: false });
  revokeSignInSessions(portal.context.directory, idOf(seededUsers.withoutLicence));
  expect((await second.open('/')).status).toBe(303);
  expect((await third.open('/')).status).toBe(303);
  portal.clock.advance(7 * hour);
  expect((await first.open('/')).status).toBe(200);
  portal.clock.advance(hour);
  expect((await first.open('/')).status).toBe(303);
});

it('answers an address that is no page with a page', async () => {
  const browser = await portal.signIn();
  const shown = await browser.open('/nothing/<script>');
  expect(shown.status).toBe(404);
  expect(shown.html).toContain('There is no such page.');
  expect(shown.html).not.toContain('<script>alert');
});

it.each([
  ['127.0.0.1:4484', 'http://127.0.0.1:4484'],
  ['[::1]:4484', 'http://[::1]:4484'],
  ['LOCALHOST', 'http://localhost:4484'],
])('signs people in at %s, too', async (host, origin) => {
  const { location } = await portal.browser({ host }).open('/users');
  expect(location?.searchParams.get('redirect_uri')).toBe(`${origin}/signin/index/`);
  const page = await portal.entra.browser().open(`${location?.pathname}${location?.search}`);
  expect(page.html).toContain('id="i0116"');
});

it('leads whoever comes by another name to its own address first', async () => {
  const { location } = await portal.browser({ host: 'evil.example:4484' }).open('/users?search=a');
  expect(location?.href).toBe('http://localhost:4484/users?search=a');
});

it('goes on, after a late form, with the page that it was on', async () => {
  const browser = portal.browser({ referer: 'http://localhost:4484/faults?a=b' });
  const { location } = await browser.post('/faults', {});
  const state = location?.searchParams.get('state')?.split('.')[1] ?? '';
  expect(Buffer.from(state, 'base64url').toString()).toBe('/faults');
});

it('does the work of a form once that is sent twice', async () => {
  const browser = await portal.signIn();
  const { html } = await browser.open('/app-registrations/new');
  const hidden = hiddenFields(html);
  const form = { ...hidden, name: 'Clicked twice', audience: 'AzureADMyOrg' };
  const [first, second] = [
    await browser.post('/app-registrations/new', form),
    await browser.post('/app-registrations/new', form),
  ];
  expect(second.location?.href).toBe(first.location?.href);
  expect((await browser.open('/app-registrations')).html.match(/>Clicked twice</g)).toHaveLength(1);
  const { location } = await browser.post('/app-registrations/new', { ...form, name: 'Another' });
  expect(location?.href).not.toBe(first.location?.href);
});
