import { afterEach, beforeEach, expect, test } from 'vitest';
import { findApplication, updateApplication } from '../../directory/applications.ts';
import { checkClientSecret, listClientSecrets } from '../../directory/client-secrets.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;
let page: (blade: string) => string;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
  id = await browser.register();
  page = (blade) => `/app-registrations/${id}/${blade}`;
});

afterEach(() => portal.close());

const documentOf = () => findApplication(portal.context.directory, portal.tenant.id, id)?.document;
const shownSecret = (html: string) => /id="new-secret"><span class="value">([^<]*)</.exec(html)?.[1];

test('shows a new secret once, and it lets the application in', async () => {
  const shown = await browser.send(page('secrets'), page('secrets'), { description: 'hub', lifetime: '180' });
  const secret = shownSecret(shown.html) ?? '';
  const { directory } = portal.context;
  expect(checkClientSecret(directory, id, secret)).toEqual({ accepted: true });
  const [stored] = listClientSecrets(directory, id);
  expect(stored?.displayName).toBe('hub');
  expect(shown.html).toContain(stored?.keyId);
  const again = await browser.open(page('secrets'));
  expect(again.html).not.toContain(secret);
  expect(again.html).toContain(`${secret.slice(0, 3)}***`);
});

test('shows a new secret to nobody but the session that made it', async () => {
  const colleague = await portal.signIn();
  const { html } = await browser.open(page('secrets'));
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  await browser.post(page('secrets'), { form_token: token, lifetime: '90' });
  expect(shownSecret((await colleague.open(page('secrets'))).html)).toBeUndefined();
  expect(shownSecret((await browser.open(page('secrets'))).html)).toBeDefined();
});

test('deletes a secret, and shows why others are refused', async () => {
  await browser.send(page('secrets'), page('secrets'), { lifetime: '365' });
  const keyId = listClientSecrets(portal.context.directory, id)[0]?.keyId ?? '';
  const gone = await browser.send(page('secrets'), `${page('secrets')}/remove`, { key: keyId });
  expect(gone.html).toContain('was deleted');
  expect(listClientSecrets(portal.context.directory, id)).toEqual([]);
  const refused = await browser.send(page('secrets'), page('secrets'), {
    lifetime: 'custom',
    end: '2001-01-01',
  });
  expect(refused.html).toContain('role="alert"');
});

test('lists certificates that came through Graph', async () => {
  const { directory, clock } = portal.context;
  const application = findApplication(directory, portal.tenant.id, id);
  if (!application) throw new Error('The application is gone.');
  application.document.keyCredentials = [
    {
      keyId: '5a1f8b8e-0d6e-4a5c-9f0e-1f5a2f6f7d10',
      displayName: 'CN=hub',
      customKeyIdentifier: 'dGh1bWJwcmludA==',
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      startDateTime: new Date(clock.now()).toISOString(),
      endDateTime: '2001-01-01T00:00:00Z',
      key: 'secret-free',
    },
  ];
  updateApplication(directory, application);
  const { html } = await browser.open(page('secrets'));
  for (const shown of ['CN=hub', 'dGh1bWJwcmludA==', '1/1/2001', 'Expired']) expect(html).toContain(shown);
  expect(html).not.toContain('secret-free');
});

test('adds and removes redirect URIs by the rules of Graph', async () => {
  const add = (platform: string, uri: string) =>
    browser.send(page('authentication'), `${page('authentication')}/add`, { platform, uri });
  await add('web', 'https://example.com/auth');
  await add('spa', 'http://localhost:3000/');
  expect(documentOf()).toMatchObject({
    web: { redirectUris: ['https://example.com/auth'] },
    spa: { redirectUris: ['http://localhost:3000/'] },
  });
  expect((await add('web', 'ftp://example.com/')).html).toContain('must begin with https');
  expect((await add('web', 'https://example.com/auth')).html).toContain('is there twice');
  const remove = `${page('authentication')}/remove`;
  await browser.send(page('authentication'), remove, { platform: 'web', uri: 'https://example.com/auth' });
  expect(documentOf()?.web.redirectUris).toEqual([]);
});

test('saves logout address, implicit flows and public client flows', async () => {
  await browser.send(page('authentication'), page('authentication'), {
    logout: 'https://example.com/bye',
    'implicit-id': 'on',
    public: 'yes',
  });
  expect(documentOf()).toMatchObject({
    isFallbackPublicClient: true,
    web: {
      logoutUrl: 'https://example.com/bye',
      implicitGrantSettings: { enableAccessTokenIssuance: false, enableIdTokenIssuance: true },
    },
  });
});

test('adds and removes owners, whose word then counts', async () => {
  const action = page('owners');
  expect((await browser.send(action, action, { name: 'nobody@contoso.onmicrosoft.com' })).html).toContain(
    'Nobody in this directory',
  );
  expect((await browser.send(action, action, { name: seededUsers.salesperson })).html).toContain(
    'Alex Wilber',
  );
  const salesperson = await portal.signIn(seededUsers.salesperson);
  expect((await salesperson.open(action)).html).not.toContain('You can look at this application');
  expect((await browser.send(action, action, { name: seededUsers.salesperson })).html).toContain(
    'already exist',
  );
  const [, owner = ''] =
    /name="owner" value="([^"]*)">\s*<button[^>]*>Remove<span[^>]*> Alex Wilber/.exec(
      (await browser.open(action)).html,
    ) ?? [];
  expect((await browser.send(action, `${action}/remove`, { owner })).html).not.toContain('Alex Wilber');
});

test('saves what changed in the manifest, and refuses what Graph refuses', async () => {
  const action = page('manifest');
  const read = async () => {
    const { html } = await browser.open(action);
    const [, text = ''] = /<textarea[^>]*>\n?([^<]*)<\/textarea>/.exec(html) ?? [];
    return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
  };
  const save = (manifest: object) => browser.send(action, action, { manifest: JSON.stringify(manifest) });
  const manifest = await read();
  expect((await save({ ...manifest, notes: 'by hand', tags: ['crm'] })).html).toContain('was saved');
  expect(await read()).toMatchObject({ notes: 'by hand', tags: ['crm'], id });
  expect((await save({ ...manifest, appId: id })).html).toContain('Invalid property &#39;appId&#39;');
  expect((await save({ ...manifest, signInAudience: 'Everybody' })).html).toContain('signInAudience');
  const broken = await browser.send(action, action, { manifest: '{"notes": </textarea><script>' });
  expect(broken.html).toContain('not valid JSON');
  expect(broken.html).toContain('&lt;/textarea&gt;&lt;script&gt;');
});
