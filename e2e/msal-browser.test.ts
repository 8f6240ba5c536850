import { seededUsers } from '@latchkey/cloud';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  callSpa,
  callSpaWithPopup,
  leaveSpa,
  refusalOfSpa,
  type SpaAccount,
} from './support/drive-single-page-app.ts';
import { givePassword, signInInBrowser } from './support/sign-in-in-browser.ts';
import { openSinglePageSetting, type SinglePageSetting } from './support/single-page-setting.ts';

const { salesperson } = seededUsers;
const millisecondsPerHour = 3_600_000;
const nobody = { accounts: [], answer: 'login_required' };

let setting: SinglePageSetting;
let scopes: string[];

beforeAll(async () => {
  setting = await openSinglePageSetting();
  ({ scopes } = setting);
});
afterAll(() => setting?.close());

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${setting.cloud.crm.http}/api/data/v9.2/WhoAmI`, { headers })).status;
}

it('signs in by redirect; then tokens come from its cache, later by the refresh token', async () => {
  const page = await setting.open();
  const signedIn = await setting.signInByRedirect(page, salesperson);
  const { account } = signedIn;
  expect(account.username).toBe(salesperson);
  // The library asks for it by `claims`, and sends it back as a hint from then on.
  expect(account.idTokenClaims).toHaveProperty('login_hint');
  expect(signedIn.scopes).toEqual(scopes);
  expect(await callWhoAmI(signedIn.accessToken)).toBe(200);
  expect(await callSpa(page, 'acquireTokenSilent', { scopes, account })).toMatchObject({
    fromCache: true,
    accessToken: signedIn.accessToken,
  });

  await setting.advance(page, 2 * millisecondsPerHour);
  const refreshed = await callSpa(page, 'acquireTokenSilent', { scopes, account });
  expect(refreshed.fromCache).toBe(false);
  expect(await callWhoAmI(refreshed.accessToken)).toBe(200);
});

it('signs in by a popup window', async () => {
  const page = await setting.open();
  const signedIn = await callSpaWithPopup(page, 'loginPopup', { scopes }, (popup) =>
    signInInBrowser(popup, salesperson),
  );
  expect(signedIn.account.username).toBe(salesperson);
  expect(await callWhoAmI(signedIn.accessToken)).toBe(200);
});

it('signs in silently by a hidden frame where the browser is signed in, and nowhere else', async () => {
  const page = await setting.open();
  const request = { scopes, loginHint: salesperson };
  expect(await refusalOfSpa(page, 'ssoSilent', request)).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
    message: expect.stringContaining('AADSTS50058'),
  });
  await setting.signInByRedirect(page, salesperson);
  const other = await setting.open({ beside: page });
  const silent = await callSpa(other, 'ssoSilent', request);
  expect(silent).toMatchObject({ fromCache: false, account: { username: salesperson } });
  expect(await callWhoAmI(silent.accessToken)).toBe(200);
});

it('goes on by a hidden frame when the refresh token of a day has ended, as long as the browser is signed in', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  await setting.advance(page, 23 * millisecondsPerHour);
  const other = await setting.open({ beside: page });
  await callSpaWithPopup(
    other,
    'loginPopup',
    { scopes, prompt: 'login', loginHint: salesperson },
    givePassword,
  );

  await setting.advance(page, 2 * millisecondsPerHour);
  setting.cloud.signIns.clear();
  const silent = await callSpa(page, 'acquireTokenSilent', { scopes, account });
  expect(silent.fromCache).toBe(false);
  expect(setting.cloud.signIns.list().map(({ aadstsCode }) => aadstsCode)).toContain(700084);

  await setting.advance(page, 25 * millisecondsPerHour);
  expect(await refusalOfSpa(page, 'acquireTokenSilent', { scopes, account })).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
  });
});

it('signs out by redirect: its cache is empty and the browser is signed in no more', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  const returned = page.waitForEvent('framenavigated', (frame) =>
    frame.url().startsWith(`${page.app}redirect`),
  );
  await leaveSpa(page, 'logoutRedirect', { account });
  await returned;
  await page.waitForURL(page.app);
  expect(await lookWhoIsSignedIn(page)).toEqual(nobody);
});

it('signs out by a popup window', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  await callSpaWithPopup<void>(page, 'logoutPopup', { account }, async (popup) => {
    if (!popup.isClosed()) await popup.waitForEvent('close');
  });
  expect(await lookWhoIsSignedIn(page)).toEqual(nobody);
});

/** Whom the app knows, and what the browser says when it is asked without a page. */
async function lookWhoIsSignedIn(page: Page): Promise<{ accounts: SpaAccount[]; answer: string }> {
  const accounts = await callSpa<SpaAccount[]>(page, 'getAllAccounts');
  const { code } = await refusalOfSpa(page, 'ssoSilent', { scopes, loginHint: salesperson });
  return { accounts, answer: code };
}
