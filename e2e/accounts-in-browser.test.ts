import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { openRedirectTarget, type RedirectTarget } from './support/open-redirect-target.ts';
import { registerApp } from './support/register-app.ts';
import { givePassword, leaveStaySignedIn, pickAccount } from './support/sign-in-in-browser.ts';

const { administrator, salesperson } = seededUsers;

describe('several accounts in one browser', () => {
  let cloud: LocalCloud;
  let browser: Browser;
  let redirectTarget: RedirectTarget;
  let page: Page;
  let authority: string;
  let clientId: string;

  beforeAll(async () => {
    [cloud, browser, redirectTarget] = await Promise.all([
      startLocalCloud(),
      launchBrowser(),
      openRedirectTarget(),
    ]);
    const app = await registerApp(cloud, { redirectUris: [redirectTarget.redirectUri], adminConsent: true });
    authority = `${cloud.entra.http}/${app.tenantId}/oauth2/v2.0`;
    ({ clientId } = app);
  });
  beforeEach(async () => {
    page = await openPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    redirectTarget?.close();
    await cloud?.close();
  });

  /** Opens the authorize endpoint as the app does. */
  async function authorize(more: Record<string, string> = {}, on: Page = page): Promise<void> {
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectTarget.redirectUri,
      scope: `${cloud.crm.http}/user_impersonation`,
      ...more,
    });
    await on.goto(`${authority}/authorize?${query.toString()}`);
  }

  /** What the app is sent. */
  async function answer(on: Page = page): Promise<URLSearchParams> {
    await on.waitForURL(`${redirectTarget.redirectUri}?*`);
    return new URL(on.url()).searchParams;
  }

  async function givePasswordByKeyboard(on: Page, userName: string): Promise<void> {
    await expect(on.locator('#i0116')).toBeFocused();
    await on.keyboard.type(userName);
    await on.keyboard.press('Enter');
    await expect(on.locator('#i0118')).toBeFocused();
    await on.keyboard.type(seededPassword);
    await on.keyboard.press('Enter');
  }

  function states(on: Page = page): Promise<string[]> {
    return on
      .locator('[role=listitem]:not(#otherTile)')
      .evaluateAll((tiles) =>
        tiles.map(
          (tile) =>
            `${tile.getAttribute('data-test-id')}: ${/Signed (?:in|out)/.exec(tile.textContent ?? '')?.[0]}`,
        ),
      );
  }

  async function addBoth(on: Page = page): Promise<void> {
    for (const user of [administrator, salesperson]) {
      await authorize({ prompt: 'login', login_hint: user }, on);
      await givePassword(on);
      expect((await answer(on)).get('code')).toBeTruthy();
    }
  }

  it('adds a second account, picks one by the keyboard, and signs one out', async () => {
    await authorize();
    await givePasswordByKeyboard(page, administrator);
    await page.getByRole('heading', { name: 'Stay signed in?' }).waitFor();
    await inspectPage(page, 'stay-signed-in');
    await page.locator('#idSIButton9').click();
    expect((await answer()).get('code')).toBeTruthy();

    await authorize({ prompt: 'select_account' });
    expect(await states()).toEqual([`${administrator}: Signed in`]);
    await page.getByRole('button', { name: 'Use another account' }).press('Enter');
    await givePasswordByKeyboard(page, salesperson);
    await leaveStaySignedIn(page);
    expect((await answer()).get('code')).toBeTruthy();

    await authorize();
    expect(await states()).toEqual([`${salesperson}: Signed in`, `${administrator}: Signed in`]);
    await inspectPage(page, 'pick-an-account');
    await page.getByRole('button', { name: /Megan Bowen.*Signed in/ }).press('Enter');
    expect((await answer()).get('code')).toBeTruthy();

    await authorize();
    await page.getByLabel(`More options for ${salesperson}`).press('Enter');
    await expect(page.getByRole('button', { name: `Sign out and forget ${salesperson}` })).toBeVisible();
    await inspectPage(page, 'pick-an-account-options');
    await page.getByRole('button', { name: `Sign out ${salesperson}` }).press('Enter');
    await expect(page.getByText('Signed out')).toBeVisible();
    await inspectPage(page, 'pick-an-account-signed-out');
    expect(await states()).toEqual([`${salesperson}: Signed out`, `${administrator}: Signed in`]);

    await pickAccount(page, salesperson);
    await expect(page.locator('#i0118')).toBeFocused();
    await expect(page.getByText(salesperson)).toBeVisible();
  });

  it('asks at the logout address which account is meant, and comes back', async () => {
    await addBoth();
    const query = new URLSearchParams({ post_logout_redirect_uri: redirectTarget.redirectUri, state: 'bye' });
    await page.goto(`${authority}/logout?${query.toString()}`);
    await expect(page.getByText('Which account do you want to sign out of?')).toBeVisible();
    await inspectPage(page, 'sign-out-account');
    await page.getByRole('button', { name: /Alex Wilber/ }).press('Enter');
    expect((await answer()).get('state')).toBe('bye');
    await authorize({ prompt: 'none', login_hint: salesperson });
    expect((await answer()).get('error')).toBe('login_required');
    await authorize({ prompt: 'none' });
    expect((await answer()).get('code')).toBeTruthy();
  });

  it('works without scripts', async () => {
    const context: BrowserContext = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await addBoth(plain);
    await authorize({}, plain);
    await plain.getByLabel(`More options for ${administrator}`).click();
    await plain.getByRole('button', { name: `Sign out and forget ${administrator}` }).click();
    await expect(plain.getByText(administrator)).toHaveCount(0);
    await pickAccount(plain, salesperson);
    expect((await answer(plain)).get('code')).toBeTruthy();
    await context.close();
  });

  it('keeps who stays signed in when the browser is closed, and forgets the other', async () => {
    await addBoth();
    await authorize({ prompt: 'login', login_hint: administrator });
    await page.locator('#i0118').fill(seededPassword);
    await page.locator('#idSIButton9').click();
    await page.getByRole('heading', { name: 'Stay signed in?' }).waitFor();
    await page.locator('#idSIButton9').click();
    await answer();
    const cookies = await page.context().cookies();
    const kept = cookies.filter(({ expires }) => expires > 0);
    const reopened = await browser.newContext({ storageState: { cookies: kept, origins: [] } });
    const again = await reopened.newPage();
    await authorize({ prompt: 'select_account' }, again);
    expect(await states(again)).toEqual([`${administrator}: Signed in`]);
    await reopened.close();
  });
});
