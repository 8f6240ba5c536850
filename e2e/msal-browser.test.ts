import { createMovableClock, type LocalCloud, seededUsers, startLocalCloud } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  callSpa,
  callSpaWithPopup,
  leaveSpa,
  refusalOfSpa,
  type SpaAccount,
  type SpaTokens,
  tokensOnArrival,
} from './support/drive-single-page-app.ts';
import { launchBrowser } from './support/launch-browser.ts';
import {
  type SinglePageApp,
  serveSinglePageApp,
  singlePageRedirectUri,
} from './support/serve-single-page-app.ts';
import { givePassword, signInInBrowser } from './support/sign-in-in-browser.ts';

const { administrator, salesperson } = seededUsers;
const guarded = 'guarded@contoso.onmicrosoft.com';
const singlePage = '5fa00000-0000-4000-8000-000000000001';
const registeredAsWeb = '5fa00000-0000-4000-8000-000000000002';
const millisecondsPerHour = 3_600_000;
const nobody = { accounts: [], answer: 'login_required' };
const patienceMilliseconds = 30_000;

const clock = createMovableClock();
let cloud: LocalCloud;
let browser: Browser;
let scopes: string[];
const apps: SinglePageApp[] = [];

beforeAll(async () => {
  const permissions = [{ api: 'Dynamics CRM', delegated: ['user_impersonation'] }];
  const grants = [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }];
  [cloud, browser] = await Promise.all([
    startLocalCloud({
      clock,
      seed: {
        tenants: [
          {
            displayName: 'Contoso',
            domains: ['contoso.onmicrosoft.com'],
            users: [{ userPrincipalName: guarded }],
            applications: [
              {
                displayName: 'Single page',
                appId: singlePage,
                redirectUris: { spa: [singlePageRedirectUri] },
                permissions,
                grants,
              },
              {
                displayName: 'Registered under the wrong platform',
                appId: registeredAsWeb,
                redirectUris: { web: [singlePageRedirectUri] },
                permissions,
                grants,
              },
            ],
          },
        ],
      },
    }),
    launchBrowser(),
  ]);
  scopes = [`${cloud.crm.https}/user_impersonation`];
});
afterAll(async () => {
  for (const app of apps) app.close();
  await browser?.close();
  await cloud?.close();
});

/** Opens the app in a browser profile of its own, or in another tab of the same. */
async function openApp(options: { beside?: Page; clientId?: string } = {}): Promise<Page & { app: string }> {
  const { https } = cloud.entra;
  const app = await serveSinglePageApp({
    clientId: options.clientId ?? singlePage,
    authority: `${https}/contoso.onmicrosoft.com`,
    knownAuthorities: [new URL(https).host],
  });
  apps.push(app);
  // Stands for an authority that the browser was told to trust.
  const context = options.beside?.context() ?? (await browser.newContext({ ignoreHTTPSErrors: true }));
  context.setDefaultTimeout(patienceMilliseconds);
  const page = await context.newPage();
  await page.goto(app.address);
  return Object.assign(page, { app: app.address });
}

async function signInByRedirect(page: Page & { app: string }, userName: string): Promise<SpaTokens> {
  await leaveSpa(page, 'loginRedirect', { scopes });
  await signInInBrowser(page, userName);
  return tokensOnArrival(page, page.app);
}

/** Moves the time of the cloud and of the page together. */
async function advance(page: Page, milliseconds: number): Promise<void> {
  clock.advance(milliseconds);
  await page.clock.setSystemTime(clock.now());
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.http}/api/data/v9.2/WhoAmI`, { headers })).status;
}

it('signs in by redirect; then tokens come from its cache, later by the refresh token', async () => {
  const page = await openApp();
  const signedIn = await signInByRedirect(page, salesperson);
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

  await advance(page, 2 * millisecondsPerHour);
  const refreshed = await callSpa(page, 'acquireTokenSilent', { scopes, account });
  expect(refreshed.fromCache).toBe(false);
  expect(await callWhoAmI(refreshed.accessToken)).toBe(200);
});

it('signs in by a popup window', async () => {
  const page = await openApp();
  const signedIn = await callSpaWithPopup(page, 'loginPopup', { scopes }, (popup) =>
    signInInBrowser(popup, salesperson),
  );
  expect(signedIn.account.username).toBe(salesperson);
  expect(await callWhoAmI(signedIn.accessToken)).toBe(200);
});

it('signs in silently by a hidden frame where the browser is signed in, and nowhere else', async () => {
  const page = await openApp();
  const request = { scopes, loginHint: salesperson };
  expect(await refusalOfSpa(page, 'ssoSilent', request)).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
    message: expect.stringContaining('AADSTS50058'),
  });
  await signInByRedirect(page, salesperson);
  const other = await openApp({ beside: page });
  const silent = await callSpa(other, 'ssoSilent', request);
  expect(silent).toMatchObject({ fromCache: false, account: { username: salesperson } });
  expect(await callWhoAmI(silent.accessToken)).toBe(200);
});

it('goes on by a hidden frame when the refresh token of a day has ended, as long as the browser is signed in', async () => {
  const page = await openApp();
  const { account } = await signInByRedirect(page, salesperson);
  await advance(page, 23 * millisecondsPerHour);
  const other = await openApp({ beside: page });
  await callSpaWithPopup(
    other,
    'loginPopup',
    { scopes, prompt: 'login', loginHint: salesperson },
    givePassword,
  );

  await advance(page, 2 * millisecondsPerHour);
  cloud.signIns.clear();
  const silent = await callSpa(page, 'acquireTokenSilent', { scopes, account });
  expect(silent.fromCache).toBe(false);
  expect(cloud.signIns.list().map(({ aadstsCode }) => aadstsCode)).toContain(700084);

  await advance(page, 25 * millisecondsPerHour);
  expect(await refusalOfSpa(page, 'acquireTokenSilent', { scopes, account })).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
  });
});

it('signs out by redirect: its cache is empty and the browser is signed in no more', async () => {
  const page = await openApp();
  const { account } = await signInByRedirect(page, salesperson);
  const returned = page.waitForEvent('framenavigated', (frame) =>
    frame.url().startsWith(`${page.app}redirect`),
  );
  await leaveSpa(page, 'logoutRedirect', { account });
  await returned;
  await page.waitForURL(page.app);
  expect(await lookWhoIsSignedIn(page)).toEqual(nobody);
});

it('signs out by a popup window', async () => {
  const page = await openApp();
  const { account } = await signInByRedirect(page, salesperson);
  await callSpaWithPopup<void>(page, 'logoutPopup', { account }, async (popup) => {
    if (!popup.isClosed()) await popup.waitForEvent('close');
  });
  expect(await lookWhoIsSignedIn(page)).toEqual(nobody);
});

it('keeps the tokens of several accounts apart', async () => {
  const page = await openApp();
  const first = await signInByRedirect(page, salesperson);
  const second = await callSpaWithPopup(
    page,
    'loginPopup',
    { scopes, prompt: 'login', loginHint: administrator },
    givePassword,
  );
  const accounts = await callSpa<SpaAccount[]>(page, 'getAllAccounts');
  expect(accounts.map(({ username }) => username).toSorted()).toEqual([administrator, salesperson]);
  for (const { account } of [first, second]) {
    const tokens = await callSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true });
    expect(claimsOf(tokens.accessToken).upn).toBe(account.username);
  }
});

it('asks for consent where it is missing, and tells when it was refused', async () => {
  const page = await openApp();
  const { account } = await signInByRedirect(page, salesperson);
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
  const page = await openApp();
  const { account } = await signInByRedirect(page, guarded);
  await requireSecondFactor(guarded);
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
  const page = await openApp();
  const { account } = await signInByRedirect(page, salesperson);
  await advance(page, 1000);
  cloud.revokeSignIns(salesperson);
  await advance(page, 1000);
  expect(
    await refusalOfSpa(page, 'acquireTokenSilent', { scopes, account, forceRefresh: true }),
  ).toMatchObject({
    type: 'InteractionRequiredAuthError',
    code: 'login_required',
  });
});

it('calls Dynamics 365 from the page, and reads how long to wait when it is busy', async () => {
  const page = await openApp();
  const { accessToken } = await signInByRedirect(page, salesperson);
  const request = { headers: { authorization: `Bearer ${accessToken}`, 'odata-version': '4.0' } };
  const call = `fetch('${cloud.crm.https}/api/data/v9.2/WhoAmI', ${JSON.stringify(request)})`;
  const read = `${call}.then(({ status, headers }) => [status, headers.get('retry-after')])`;
  expect(await page.evaluate(read)).toEqual([200, null]);
  cloud.faults.add({ service: 'crm', effect: { kind: 'throttle', retryAfterSeconds: 7 } });
  expect(await page.evaluate(read)).toEqual([429, '7']);
});

it('is told by the service itself that it is busy, and keeps what it has', async () => {
  const page = await openApp();
  const { account, accessToken } = await signInByRedirect(page, salesperson);
  cloud.faults.add({
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
  cloud.faults.clear();
  expect(await callSpa(page, 'acquireTokenSilent', { scopes, account })).toMatchObject({ accessToken });
});

it('is told when its address is registered under the platform Web', async () => {
  const page = await openApp({ clientId: registeredAsWeb });
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

/** Whom the app knows, and what the browser says when it is asked without a page. */
async function lookWhoIsSignedIn(page: Page): Promise<{ accounts: SpaAccount[]; answer: string }> {
  const accounts = await callSpa<SpaAccount[]>(page, 'getAllAccounts');
  const { code } = await refusalOfSpa(page, 'ssoSilent', { scopes, loginHint: salesperson });
  return { accounts, answer: code };
}

/** What an administrator decides, on the portal's page of the person. */
async function requireSecondFactor(userName: string): Promise<void> {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${cloud.portal.http}/users?search=${userName}`);
  await signInInBrowser(page, administrator);
  await page.goto(`${cloud.portal.http}/users?search=${userName}`);
  await page.getByRole('table').getByRole('link').click();
  await page.getByLabel('Second factor').selectOption('required');
  await page.getByRole('button', { name: 'Save conditions' }).click();
  await page.getByText('The user was saved.').waitFor();
}

function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}
