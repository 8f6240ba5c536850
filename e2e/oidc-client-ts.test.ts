import { type LocalCloud, seededUsers, startLocalCloud } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  callSpa,
  callSpaWithPopup,
  leaveSpa,
  refusalOfSpa,
  tokensOnArrival,
} from './support/drive-single-page-app.ts';
import { launchBrowser } from './support/launch-browser.ts';
import {
  type SinglePageApp,
  serveSinglePageApp,
  singlePageRedirectUri,
} from './support/serve-single-page-app.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';
import { openBehindProxy, singlePageSeed } from './support/single-page-behind-proxy.ts';

/** Of the library's `User`, what tests look at. */
interface SpaUser {
  access_token: string;
  refresh_token?: string;
  scope: string;
  expires_at: number;
  profile: Record<string, unknown>;
}

const { salesperson } = seededUsers;
const clientId = '5fa00000-0000-4000-8000-000000000005';
const authority = 'https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0';

let cloud: LocalCloud;
let browser: Browser;
let app: SinglePageApp;

beforeAll(async () => {
  [cloud, browser, app] = await Promise.all([
    startLocalCloud({
      seed: singlePageSeed({
        appId: clientId,
        redirectUris: [singlePageRedirectUri, 'http://localhost/'],
        grants: [
          { api: 'Microsoft Graph', scopes: ['openid', 'profile', 'email', 'offline_access', 'User.Read'] },
        ],
      }),
    }),
    launchBrowser(),
    serveSinglePageApp({ clientId, authority }, 'oidc-client-ts'),
  ]);
});
afterAll(async () => {
  app?.close();
  await browser?.close();
  await cloud?.close();
});

const openApp = () => openBehindProxy(browser, cloud, app.address);

/** Signs a person in by redirect, in a browser that is signed in nowhere. */
async function signInByRedirect(page: Page, userName: string): Promise<SpaUser> {
  await leaveSpa(page, 'signinRedirect');
  await page.waitForURL('https://login.microsoftonline.com/**');
  await signInInBrowser(page, userName);
  return tokensOnArrival<SpaUser>(page, `${app.address}redirect?*`);
}

async function callGraph(page: Page, accessToken: string): Promise<string> {
  const headers = JSON.stringify({ authorization: `Bearer ${accessToken}` });
  const call = `fetch('https://graph.microsoft.com/v1.0/me', { headers: ${headers} })`;
  return page.evaluate(`${call}.then((answer) => answer.json()).then((me) => me.displayName)`);
}

it('signs in by redirect, reads the userinfo endpoint, and renews by the refresh token', async () => {
  const page = await openApp();
  const user = await signInByRedirect(page, salesperson);
  expect(user.profile).toMatchObject({
    // From the id token, and from Microsoft Graph.
    preferred_username: salesperson,
    given_name: 'Alex',
    email: salesperson,
  });
  expect(await callGraph(page, user.access_token)).toBe('Alex Wilber');

  const renewed = await callSpa<SpaUser>(page, 'signinSilent');
  expect(renewed.refresh_token).not.toBe(user.refresh_token);
  expect(renewed.profile.sub).toBe(user.profile.sub);
  expect(await callGraph(page, renewed.access_token)).toBe('Alex Wilber');
});

it('signs in by a popup window, then silently by a hidden frame, and nowhere else', async () => {
  const page = await openApp();
  const stranger = {
    type: 'ErrorResponse',
    code: 'login_required',
    message: expect.stringContaining('AADSTS50058'),
  };
  expect(await refusalOfSpa(page, 'signinSilent')).toMatchObject(stranger);
  const { profile } = await callSpaWithPopup<SpaUser>(page, 'signinPopup', {}, (popup) =>
    signInInBrowser(popup, salesperson),
  );
  await callSpa(page, 'removeUser');
  const silent = await callSpa<SpaUser>(page, 'signinSilent');
  expect(silent.profile.sub).toBe(profile.sub);
});

it('signs out by redirect: its user is gone, and the browser is signed in no more', async () => {
  const page = await openApp();
  await signInByRedirect(page, salesperson);
  await leaveSpa(page, 'signoutRedirect', { state: 'kept' });
  expect(await tokensOnArrival(page, `${app.address}?state=*`)).toMatchObject({ userState: 'kept' });
  expect(await callSpa(page, 'getUser')).toBeNull();
  expect(await refusalOfSpa(page, 'signinSilent')).toMatchObject({ code: 'login_required' });
});

it('tells that the person declined a permission', async () => {
  const page = await openApp();
  const decline = async (popup: Page) => {
    await signInInBrowser(popup, salesperson);
    await popup.getByRole('button', { name: 'Cancel' }).click();
  };
  const [refusal] = await Promise.all([
    refusalOfSpa(page, 'signinPopup', { scope: 'openid User.ReadBasic.All' }),
    page.waitForEvent('popup').then(decline),
  ]);
  expect(refusal).toMatchObject({
    type: 'ErrorResponse',
    code: 'access_denied',
    message: expect.stringContaining('AADSTS65004'),
  });
});
