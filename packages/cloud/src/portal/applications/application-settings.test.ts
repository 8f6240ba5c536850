import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { readObject } from '../../testing/read-json.ts';
import {
  hiddenFields,
  openTestPortal,
  type PortalBrowser,
  type TestPortal,
} from '../testing/open-test-portal.ts';

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

it('adds and removes redirect URIs by the rules of Graph', async () => {
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

it('saves logout address, implicit flows and public client flows', async () => {
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

it('adds and removes owners, whose word then counts', async () => {
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

it('saves what changed in the manifest, and refuses what Graph refuses', async () => {
  const action = page('manifest');
  const read = async () => {
    const { html } = await browser.open(action);
    const [, text = ''] = /<textarea[^>]*>\n?([^<]*)<\/textarea>/.exec(html) ?? [];
    return readObject(text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
  };
  const save = (manifest: object) => browser.send(action, action, { manifest: JSON.stringify(manifest) });
  const manifest = await read();
  expect((await save({ ...manifest, notes: 'by hand', tags: ['crm'] })).html).toContain('was saved');
  expect(await read()).toMatchObject({ notes: 'by hand', tags: ['crm'], id });
  expect((await save({ ...manifest, appId: id })).html).toContain('Property &#39;appId&#39; is read-only');
  expect((await save({ ...manifest, signInAudience: 'Everybody' })).html).toContain('signInAudience');
  const broken = await browser.send(action, action, { manifest: '{"notes": </textarea><script>' });
  expect(broken.html).toContain('not valid JSON');
  expect(broken.html).toContain('&lt;/textarea&gt;&lt;script&gt;');
});

it('keeps what somebody else saved since a settings page was opened', async () => {
  const form = async (blade: string) => {
    const { html } = await browser.open(page(blade));
    return hiddenFields(html);
  };
  const [settings, manifest] = [await form('authentication'), await form('manifest')];
  await browser.send(page('authentication'), page('authentication'), {
    logout: 'https://example.com/theirs',
  });
  const stale = await browser.post(page('authentication'), {
    ...settings,
    logout: 'https://example.com/mine',
  });
  expect(stale.html).toContain('Somebody changed this since you opened the page');
  expect(stale.html).toContain('https://example.com/theirs');
  const mine = JSON.stringify({ web: { logoutUrl: null }, notes: 'mine' });
  const typed = await browser.post(page('manifest'), { ...manifest, manifest: mine });
  expect(typed.html).toContain('Somebody changed this since you opened the page');
  expect(typed.html).toContain('&quot;notes&quot;:&quot;mine&quot;');
  expect(documentOf()).toMatchObject({ notes: null, web: { logoutUrl: 'https://example.com/theirs' } });
  // Whoever has looked and saves again means it.
  const again = await browser.send(page('manifest'), page('manifest'), { manifest: mine });
  expect(again.html).toContain('was saved');
  expect(documentOf()).toMatchObject({ notes: 'mine', web: { logoutUrl: null } });
});

it('tells whoever has an old page open that the application is gone', async () => {
  const { html } = await browser.open(page('authentication'));
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  await browser.send(page('delete'), page('delete'));
  const shown = await browser.post(page('authentication'), { form_token: token, public: 'yes' });
  expect(shown.status).toBe(404);
  expect(shown.html).toContain('Somebody may have deleted it meanwhile');
});
