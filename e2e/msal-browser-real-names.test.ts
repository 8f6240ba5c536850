import { type LocalCloud, seededUsers, startLocalCloud } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callSpa, leaveSpa, tokensOnArrival } from './support/drive-single-page-app.ts';
import { launchBrowser } from './support/launch-browser.ts';
import {
  type SinglePageApp,
  serveSinglePageApp,
  singlePageRedirectUri,
} from './support/serve-single-page-app.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';
import { openBehindProxy, singlePageSeed } from './support/single-page-behind-proxy.ts';

const { salesperson } = seededUsers;
const clientId = '5fa00000-0000-4000-8000-000000000003';
const environment = 'https://contoso.crm4.dynamics.com';
const scopes = [`${environment}/user_impersonation`];

let cloud: LocalCloud;
let browser: Browser;
const apps: SinglePageApp[] = [];

beforeAll(async () => {
  [cloud, browser] = await Promise.all([
    startLocalCloud({
      seed: singlePageSeed({
        appId: clientId,
        redirectUris: [singlePageRedirectUri],
        grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
      }),
    }),
    launchBrowser(),
  ]);
});
afterAll(async () => {
  for (const app of apps) app.close();
  await browser?.close();
  await cloud?.close();
});

async function openApp(authority: string): Promise<{ page: Page; app: SinglePageApp }> {
  const app = await serveSinglePageApp({ clientId, authority, knownAuthorities: [] });
  apps.push(app);
  return { page: await openBehindProxy(browser, cloud, app.address), app };
}

it.each([
  'https://login.microsoftonline.com/contoso.onmicrosoft.com',
  'https://login.microsoftonline.us/contoso.onmicrosoft.com',
])('lets @azure/msal-browser sign in at %s', async (authority) => {
  const { page, app } = await openApp(authority);
  await leaveSpa(page, 'loginRedirect', { scopes });
  await page.waitForURL(`${authority}/oauth2/v2.0/authorize?*`);
  await signInInBrowser(page, salesperson);
  const { account, accessToken } = await tokensOnArrival(page, app.address);
  expect(account.username).toBe(salesperson);
  expect(account.idTokenClaims.iss).toBe(`${new URL(authority).origin}/${account.tenantId}/v2.0`);
  expect(await callWhoAmI(accessToken)).toBe(200);

  const refreshed = await callSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true });
  expect(refreshed.fromCache).toBe(false);
  const silent = await callSpa(page, 'ssoSilent', { scopes, loginHint: salesperson });
  expect(silent.account.username).toBe(salesperson);

  const returned = page.waitForEvent('framenavigated', (frame) =>
    frame.url().startsWith(`${app.address}redirect`),
  );
  await leaveSpa(page, 'logoutRedirect', { account });
  await returned;
  await page.waitForURL(app.address);
  expect(await callSpa(page, 'getAllAccounts')).toEqual([]);
});

/** The token names the environment by its real address, which is what the local one answers for. */
async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.http}/api/data/v9.2/WhoAmI`, { headers })).status;
}
