import { seededPersonalAccount, seededUsers } from '@latchkey/cloud';
import { wellKnownIds } from '@latchkey/microsoft';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callSpa, callSpaWithPopup, refusalOfSpa, type SpaAccount } from './support/drive-single-page-app.ts';
import {
  acceptPermissions,
  givePassword,
  pickAccount,
  signInInBrowser,
} from './support/sign-in-in-browser.ts';
import { openSinglePageSetting, type SinglePageSetting, singlePages } from './support/single-page-setting.ts';

const { administrator, salesperson } = seededUsers;

let setting: SinglePageSetting;
let scopes: string[];

beforeAll(async () => {
  setting = await openSinglePageSetting();
  ({ scopes } = setting);
});
afterAll(() => setting?.close());

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

it('keeps several accounts apart, in its cache and in the browser', async () => {
  const page = await setting.open();
  const first = await setting.signInByRedirect(page, salesperson);
  const choose = { scopes, prompt: 'select_account' };
  const second = await callSpaWithPopup(page, 'loginPopup', choose, async (popup) => {
    await popup.getByRole('button', { name: 'Use another account' }).click();
    await signInInBrowser(popup, administrator);
  });
  const accounts = await callSpa<SpaAccount[]>(page, 'getAllAccounts');
  expect(accounts.map(({ username }) => username).toSorted()).toEqual([administrator, salesperson]);
  for (const { account } of [first, second]) {
    const refreshed = await callSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true });
    expect(claimsOf(refreshed.accessToken).upn).toBe(account.username);
    const silent = await callSpa(page, 'ssoSilent', { scopes, account });
    expect(claimsOf(silent.accessToken).upn).toBe(account.username);
  }
  const chosen = await callSpaWithPopup(page, 'loginPopup', choose, (popup) =>
    pickAccount(popup, salesperson),
  );
  expect(chosen.account.username).toBe(salesperson);
  expect(await refusalOfSpa(page, 'ssoSilent', { scopes })).toMatchObject({
    type: 'InteractionRequiredAuthError',
    message: expect.stringContaining('AADSTS16000'),
  });
});

it('signs one of several accounts out and leaves the other', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  const other = { scopes, prompt: 'login', loginHint: administrator };
  await callSpaWithPopup(page, 'loginPopup', other, givePassword);
  await callSpaWithPopup<void>(page, 'logoutPopup', { account }, async (popup) => {
    if (!popup.isClosed()) await popup.waitForEvent('close');
  });
  expect(await refusalOfSpa(page, 'ssoSilent', { scopes, loginHint: salesperson })).toMatchObject({
    code: 'login_required',
  });
  const left = await callSpa(page, 'ssoSilent', { scopes, loginHint: administrator });
  expect(left.account.username).toBe(administrator);
});

it.each(['common', 'organizations'])('signs a work account in over %s', async (tenant) => {
  const met = await signInOver(tenant, (popup) => signInInBrowser(popup, salesperson));
  expect(met).toEqual(expectedSignIn(salesperson, met.tenantId));
});

it('signs a personal account in over common, and over consumers', async () => {
  const overCommon = await signInOver('common', async (popup) => {
    await signInInBrowser(popup, seededPersonalAccount);
    await acceptPermissions(popup);
  });
  const overConsumers = await signInOver('consumers', (popup) =>
    signInInBrowser(popup, seededPersonalAccount),
  );
  const expected = expectedSignIn(seededPersonalAccount, wellKnownIds.personalAccountTenant);
  expect([overCommon, overConsumers]).toEqual([expected, expected]);
});

/** Signs somebody in to an app for everybody; then the app goes on without a page. */
async function signInOver(tenant: string, useWindow: (popup: Page) => Promise<void>) {
  const page = await setting.open({ clientId: singlePages.forEverybody, tenant });
  const request = { scopes: ['User.Read'] };
  const { account } = await callSpaWithPopup(page, 'loginPopup', request, useWindow);
  const refreshed = await callSpa(page, 'acquireTokenSilent', { ...request, account, forceRefresh: true });
  const silent = await callSpa(page, 'ssoSilent', { ...request, account });
  return {
    tenantId: account.tenantId,
    issuer: account.idTokenClaims.iss,
    names: [account, refreshed.account, silent.account].map(({ username }) => username),
    fromCache: refreshed.fromCache,
  };
}

function expectedSignIn(userName: string, tenantId: string): Awaited<ReturnType<typeof signInOver>> {
  const issuer = `${setting.cloud.entra.https}/${tenantId}/v2.0`;
  return { tenantId, issuer, names: [userName, userName, userName], fromCache: false };
}
