import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededPassword, seededUsers } from '../../directory/seed-contoso.ts';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import {
  authorizeUrl,
  offeredAccounts,
  openTestEntra,
  pressTile,
  sentParameter,
  type TestApp,
  type TestEntra,
  testRedirectUri,
} from '../testing/open-test-entra.ts';
import { hasElement, type ScriptedBrowser, type Shown } from '../testing/scripted-browser.ts';

let entra: TestEntra;
let app: TestApp;
beforeEach(async () => {
  entra = await openTestEntra();
  app = entra.createApp();
});
afterEach(() => entra.close());

const { administrator, salesperson } = seededUsers;
const day = 86_400_000;

function open(browser: ScriptedBrowser, more: Record<string, string> = {}): Promise<Shown> {
  const parameters = { client_id: app.clientId, redirect_uri: testRedirectUri, scope: 'openid', ...more };
  return browser.open(authorizeUrl(entra, 2, parameters));
}

/** Gives name and password, as far as the page that follows. */
async function givePassword(browser: ScriptedBrowser, user: string): Promise<Shown> {
  const page = await open(browser, { login_hint: user, prompt: 'login' });
  return page.submit({ passwd: seededPassword });
}

/** What a browser keeps when it is closed: the cookies that have an age. */
function close(browser: ScriptedBrowser): void {
  for (const name of browser.cookies.keys()) {
    if (name !== 'ESTSAUTHPERSISTENT' && name !== 'kmsi') browser.cookies.delete(name);
  }
}

function setCookies({ headers }: Shown): string[] {
  const value = headers['set-cookie'];
  return Array.isArray(value) ? value : [String(value)];
}

it('asks after every password, and Yes keeps the session for 90 days, past the end of the browser', async () => {
  const browser = entra.browser();
  const ask = await givePassword(browser, salesperson);
  expect(ask.html).toContain('Stay signed in?');
  expect(['KmsiCheckboxField', 'idBtn_Back', 'idSIButton9'].every((id) => hasElement(ask, id))).toBe(true);
  const shown = await ask.submit();
  expect(setCookies(shown).find((cookie) => cookie.startsWith('ESTSAUTHPERSISTENT='))).toContain(
    'Max-Age=7776000',
  );
  expect(browser.cookies.has('ESTSAUTH')).toBe(false);
  await shown.submit();
  close(browser);
  entra.clock.advance(2 * day);
  expect(sentParameter(await open(browser, { prompt: 'none' }), 'code')).toBeTruthy();
  entra.clock.advance(88 * day);
  expect(sentParameter(await open(browser, { prompt: 'none' }), 'error')).toBe('login_required');
  expect(hasElement(await givePassword(browser, salesperson), 'KmsiCheckboxField')).toBe(true);
});

it('No keeps it until the browser is closed, and no longer than a day', async () => {
  const browser = entra.browser();
  const consent = await (await givePassword(browser, salesperson)).submit({}, 'idBtn_Back');
  await consent.submit();
  expect(browser.cookies.has('ESTSAUTHPERSISTENT')).toBe(false);
  expect(sentParameter(await open(browser, { prompt: 'none' }), 'code')).toBeTruthy();
  entra.clock.advance(day);
  expect(offeredAccounts(await open(browser))).toEqual([`${salesperson}: Signed out`]);
  close(browser);
  expect(hasElement(await open(browser), 'i0116')).toBe(true);
});

it('keeps one account and not the other', async () => {
  const browser = entra.browser();
  await (await givePassword(browser, administrator)).submit();
  await (await givePassword(browser, salesperson)).submit({}, 'idBtn_Back');
  expect(offeredAccounts(await open(browser))).toHaveLength(2);
  close(browser);
  expect(offeredAccounts(await open(browser, { prompt: 'select_account' }))).toEqual([
    `${administrator}: Signed in`,
  ]);
});

it.each([
  ['idSIButton9', true],
  ['idBtn_Back', false],
])(
  '"Don\'t show this again" keeps the answer of %s for the browser\'s next sign-ins',
  async (button, isKept) => {
    const browser = entra.browser();
    await (await givePassword(browser, administrator)).submit({ DontShowAgain: 'true' }, button);
    expect((await givePassword(browser, salesperson)).html).toContain('Permissions requested');
    close(browser);
    const known = isKept ? [`${salesperson}: Signed in`, `${administrator}: Signed in`] : [];
    expect(offeredAccounts(await open(browser, { prompt: 'select_account' }))).toEqual(known);
    const another = await givePassword(entra.browser(), salesperson);
    expect(hasElement(another, 'KmsiCheckboxField')).toBe(true);
  },
);

it('asks nothing where the tenant does not want it', async () => {
  setTenantPolicy(entra.context.directory, entra.tenant.id, { staySignedIn: 'not_asked' });
  expect((await givePassword(entra.browser(), salesperson)).html).toContain('Permissions requested');
});

it('asks nobody who picks an account that is signed in', async () => {
  const browser = entra.browser();
  await (await givePassword(browser, salesperson)).submit();
  const picked = await pressTile(await open(browser, { prompt: 'select_account' }), salesperson);
  expect(picked.html).toContain('Permissions requested');
});

it('asks nobody who signs in to grant admin consent', async () => {
  const query = new URLSearchParams({ client_id: app.clientId, redirect_uri: testRedirectUri });
  const name = await entra.browser().open(`/${entra.tenant.id}/adminconsent?${query.toString()}`);
  const password = await name.submit({ loginfmt: administrator });
  expect((await password.submit({ passwd: seededPassword })).html).toContain('Permissions requested');
});

it("can't be answered by another browser", async () => {
  const ask = await givePassword(entra.browser(), salesperson);
  const [, ctx = ''] = /name="ctx" value="([^"]+)"/.exec(ask.html) ?? [];
  const shown = await entra.browser().post(`/${entra.tenant.id}/login`, { ctx, step: 'stay' });
  expect(shown.html).toContain('AADSTS50089');
});
