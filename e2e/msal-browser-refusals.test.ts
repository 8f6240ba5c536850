import { seededUsers } from '@latchkey/cloud';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callSpa, callSpaWithPopup, refusalOfSpa } from './support/drive-single-page-app.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';
import {
  guardedUser,
  openSinglePageSetting,
  type SinglePageSetting,
  singlePages,
} from './support/single-page-setting.ts';

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

it('asks for consent where it is missing, and tells when it was refused', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  const request = { scopes: ['User.ReadBasic.All'], account };
  expect(await refusalOfSpa(page, 'acquireTokenSilent', request)).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'invalid_grant',
    subError: 'consent_required',
    message: expect.stringContaining('AADSTS65001'),
  });
  const answer = (button: string) => async (popup: Page) => {
    await popup.getByRole('heading', { name: 'Permissions requested' }).waitFor();
    await popup.getByRole('button', { name: button }).click();
  };
  const [refusal] = await Promise.all([
    refusalOfSpa(page, 'acquireTokenPopup', request),
    page.waitForEvent('popup').then(answer('Cancel')),
  ]);
  expect(refusal).toMatchObject({
    type: 'ServerError',
    code: 'access_denied',
    message: expect.stringContaining('AADSTS65004'),
  });
  const tokens = await callSpaWithPopup(page, 'acquireTokenPopup', request, answer('Accept'));
  expect(tokens.scopes).toContain('User.ReadBasic.All');
});

it('meets a claims challenge: a second factor that became necessary', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, guardedUser);
  await requireSecondFactor(guardedUser);
  const refusal = await refusalOfSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true });
  expect(refusal).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'invalid_grant',
    subError: 'basic_action',
    message: expect.stringContaining('AADSTS50076'),
  });
  const { claims } = refusal;
  expect(JSON.parse(claims)).toHaveProperty('access_token');
  const tokens = await callSpaWithPopup(
    page,
    'acquireTokenPopup',
    { scopes, account, claims },
    async (popup) => {
      await popup.locator('#idTxtBx_SAOTCC_OTC').fill('123456');
      await popup.locator('#idSubmit_SAOTCC_Continue').click();
    },
  );
  expect(claimsOf(tokens.accessToken).amr).toEqual(['pwd', 'mfa']);
  expect(await callSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true })).toMatchObject({
    fromCache: false,
  });
});

it('has to sign in again once the sessions were revoked', async () => {
  const page = await setting.open();
  const { account } = await setting.signInByRedirect(page, salesperson);
  await setting.advance(page, 1000);
  setting.cloud.revokeSignIns(salesperson);
  await setting.advance(page, 1000);
  expect(
    await refusalOfSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true }),
  ).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
  });
});

it('calls Dynamics 365 from the page, and reads how long to wait when it is busy', async () => {
  const page = await setting.open();
  const { accessToken } = await setting.signInByRedirect(page, salesperson);
  const request = { headers: { authorization: `Bearer ${accessToken}`, 'odata-version': '4.0' } };
  const call = `fetch('${setting.cloud.crm.https}/api/data/v9.2/WhoAmI', ${JSON.stringify(request)})`;
  const read = `${call}.then(({ status, headers }) => [status, headers.get('retry-after')])`;
  expect(await page.evaluate(read)).toEqual([200, null]);
  setting.cloud.faults.add({ service: 'crm', effect: { kind: 'throttle', retryAfterSeconds: 7 } });
  expect(await page.evaluate(read)).toEqual([429, '7']);
});

it('is told by the service itself that it is busy, and keeps what it has', async () => {
  const page = await setting.open();
  const { account, accessToken } = await setting.signInByRedirect(page, salesperson);
  setting.cloud.faults.add({
    service: 'entra',
    path: '*/token',
    effect: { kind: 'throttle', retryAfterSeconds: 1 },
  });
  const request = { scopes, account, forceRefresh: true };
  expect(await refusalOfSpa(page, 'acquireTokenSilent', request)).toMatchObject({
    type: 'ServerError',
    code: 'temporarily_unavailable',
    message: expect.stringContaining('AADSTS90055'),
  });
  setting.cloud.faults.clear();
  expect(await callSpa(page, 'acquireTokenSilent', { scopes, account })).toMatchObject({ accessToken });
});

it('is told when its address is registered under the platform Web', async () => {
  const page = await setting.open({ clientId: singlePages.registeredAsWeb });
  const [refusal] = await Promise.all([
    refusalOfSpa(page, 'loginPopup', { scopes }),
    page.waitForEvent('popup').then((popup) => signInInBrowser(popup, salesperson)),
  ]);
  expect(refusal).toMatchObject({
    type: 'ServerError',
    code: 'invalid_request',
    message: expect.stringContaining('AADSTS9002326'),
  });
});

/** What an administrator decides, on the portal's page of the person. */
async function requireSecondFactor(userName: string): Promise<void> {
  const page = await (await setting.browser.newContext()).newPage();
  await page.goto(`${setting.cloud.portal.http}/users?search=${userName}`);
  await signInInBrowser(page, administrator);
  await page.goto(`${setting.cloud.portal.http}/users?search=${userName}`);
  await page.getByRole('table').getByRole('link').click();
  await page.getByLabel('Second factor').selectOption('required');
  await page.getByRole('button', { name: 'Save conditions' }).click();
  await page.getByText('The user was saved.').waitFor();
}
