import { type LocalCloud, seededPassword, startLocalCloud } from '@latchkey/cloud';
import type { Browser, Locator, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from 'vitest';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { openRedirectTarget, type RedirectTarget } from './support/open-redirect-target.ts';

const clientId = '7a1c0000-0000-4000-8000-0000000000c1';
const deviceClientId = '7a1c0000-0000-4000-8000-0000000000c2';
const domain = 'fabrikam.onmicrosoft.com';
const ada = `ada@${domain}`;
const grace = `grace@${domain}`;
const blocked = 'blocked@mail.example';

let cloud: LocalCloud;
let browser: Browser;
let target: RedirectTarget;
let page: Page;

beforeAll(async () => {
  [browser, target] = await Promise.all([launchBrowser(), openRedirectTarget()]);
  const conditions = { secondFactor: 'required', oneTimeCode: '424242' } as const;
  cloud = await startLocalCloud({
    seed: {
      tenants: [
        {
          displayName: 'Fabrikam',
          domains: [domain],
          users: [
            { userPrincipalName: ada, displayName: 'Ada Lovelace' },
            { userPrincipalName: grace, displayName: 'Grace Hopper', conditions },
            ...Array.from({ length: 6 }, (_, index) => ({ userPrincipalName: `p${index}@${domain}` })),
          ],
          applications: [
            {
              displayName: 'Shop',
              appId: clientId,
              redirectUris: { web: [target.redirectUri] },
              manifest: { signInAudience: 'AzureADandPersonalMicrosoftAccount' },
            },
            { displayName: 'Command line', appId: deviceClientId, publicClientFlows: true },
          ],
        },
      ],
      personalAccounts: [{ userPrincipalName: blocked, conditions: { isLocked: true } }],
    },
  });
});

afterAll(async () => {
  await browser?.close();
  target?.close();
  await cloud?.close();
});

beforeEach(async () => {
  page = await openPage(browser);
});

afterEach(() => page.context().close());

async function authorize(more: Record<string, string> = {}, tenant = domain): Promise<void> {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: target.redirectUri,
    scope: 'openid profile',
    ...more,
  });
  await page.goto(`${cloud.entra.http}/${tenant}/oauth2/v2.0/authorize?${query.toString()}`);
}

/** One element each, as scripts in Playwright's strict mode want it. */
async function expectOneOfEach(...selectors: string[]): Promise<void> {
  for (const selector of selectors) await expect(page.locator(selector), selector).toHaveCount(1);
}

const press = (name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();
const textbox = (name: string): Locator => page.getByRole('textbox', { name });

describe('scripts for the real sign-in pages', () => {
  it('find the elements of every page on the way to the app', async () => {
    await authorize();
    await expectOneOfEach(
      'input#i0116[name=loginfmt]',
      'input#idSIButton9[type=submit][value=Next]',
      'input[type=submit]',
      'form[name=f1]#i0281',
      'div#lightbox',
      '//div[@id="loginHeader"][text()="Sign in"]',
      'a#cantAccessAccount',
    );
    await page.getByPlaceholder('Email, phone, or Skype').fill('nobody@fabrikam.onmicrosoft.com');
    await press('Next');
    await expectOneOfEach('div#usernameError', '.alert-error', 'div[role=alert]');
    await textbox('Enter your email, phone, or').fill(grace);
    await press('Next');

    await expectOneOfEach(
      'input#i0118[name=passwd]',
      'input[type=submit]',
      `//div[@id="displayName"][@title="${grace}"]`,
      '//div[@id="loginHeader"][text()="Enter password"]',
      'a#idA_PWD_ForgotPassword',
      'button#idBtn_Back',
    );
    await page.getByPlaceholder('Password').fill('wrong');
    await press('Sign in');
    await expectOneOfEach('div#passwordError', 'a#idA_IL_ForgotPassword0');
    await textbox(`Enter the password for ${grace}`).fill(seededPassword);
    await page.locator('input[type=submit]').click();

    await expectOneOfEach(
      '#idDiv_SAOTCC_Title',
      'input#idTxtBx_SAOTCC_OTC[name=otc]',
      'input#idSubmit_SAOTCC_Continue[type=submit]',
    );
    await inspectPage(page, 'one-time-code');
    await page.locator('input[name=otc]').fill('424242');
    await page.locator('input[type=submit]').click();

    await expectOneOfEach(
      'div#KmsiDescription',
      'input#KmsiCheckboxField[name=DontShowAgain]',
      'form input[name=DontShowAgain] + span',
      'input#idSIButton9[aria-describedby=KmsiDescription]',
      'input#idBtn_Back[value=No]',
      'input[type=submit][value=Yes]',
      'input[type=submit]',
    );
    await page.getByText("Don't show this again").click();
    await expect(page.locator('#KmsiCheckboxField')).toBeChecked();
    await page.locator('//input[@value="Yes"]').click();

    await expectOneOfEach(
      'input#idSIButton9[value=Accept]',
      'input#idBtn_Back[value=Cancel]',
      'input[type=submit]',
    );
    await press('Accept');
    await page.waitForURL(`${target.redirectUri}?code=*`);
  });

  it('press the buttons that send no form by themselves', async () => {
    await authorize({ prompt: 'consent' });
    await page.locator('#i0116').fill(ada);
    await page.locator('#idSIButton9').click();
    await page.locator('#i0118').fill(seededPassword);
    await page.locator('#idSIButton9').click();
    await page.locator('input#idBtn_Back[value=No]').click();
    await page.locator('input#idBtn_Back[value=Cancel]').click();
    await page.waitForURL(`${target.redirectUri}?*`);
    expect(page.url()).toContain('error=access_denied');
  });

  it('pick an account, sign out, and see that it is done', async () => {
    await authorize();
    await signIn(ada);
    await page.waitForURL(`${target.redirectUri}?code=*`);
    await authorize({ prompt: 'select_account' });
    await expectOneOfEach(
      '#tilesHolder[role=list]',
      `#tilesHolder .tile[data-test-id="${ada}"]`,
      `div[data-test-id="${ada}"]`,
      '#tilesHolder > #otherTile.tile',
      'div#otherTile[data-test-id=otherTile]',
      'div#otherTileText[data-test-id=otherTileText]',
    );
    await expect(page.locator('#tilesHolder .table[role=button]')).toHaveCount(2);
    await page.locator('#otherTile').click();
    await expect(page.locator('#i0116')).toBeVisible();
    await authorize({ prompt: 'select_account' });
    await page.locator(`[data-test-id="${ada}"]`).click();
    await page.waitForURL(`${target.redirectUri}?code=*`);

    await page.goto(`${cloud.entra.http}/${domain}/oauth2/v2.0/logout`);
    await page.getByText('Signed in').click();
    await expectOneOfEach(
      '//div[@id="login_workload_logo_text"][text()="You signed out of your account"]',
      '//div[@id="SignOutStatusMessage"][contains(text(),"a good idea to close all browser windows")]',
    );
  });

  it('confirm a device', async () => {
    const answer = await fetch(`${cloud.entra.http}/${domain}/oauth2/v2.0/devicecode`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: deviceClientId, scope: 'openid' }),
    });
    const device = (await answer.json()) as { user_code: string; verification_uri: string };
    await page.goto(device.verification_uri);
    await page.locator('input#otc[name=otc]').fill(device.user_code);
    await press('Next');
    await page.locator('#i0116').waitFor();
    await signIn(ada);
    await expect(page.locator('#appConfirmTitle')).toHaveText('Are you trying to sign in to Command line?');
    await page.locator('input#idSIButton9[value=Continue]').click();
  });

  it('see that a personal account is blocked', async () => {
    await authorize({}, 'consumers');
    await page.locator('#i0116').fill(blocked);
    await page.locator('#idSIButton9').click();
    await page.locator('#i0118').fill(seededPassword);
    await page.locator('#idSIButton9').click();
    await expect(page.locator('div#idTD_Error')).toHaveText('Sign-in is blocked');
    await expect(page.locator('#error_Info')).toContainText('50053');
    await inspectPage(page, 'sign-in-blocked');
  });
});

async function signIn(name: string): Promise<void> {
  await page.locator('#i0116').fill(name);
  await page.locator('#idSIButton9').click();
  await page.locator('#i0118').fill(seededPassword);
  await page.locator('#idSIButton9').click();
  await page.locator('#idBtn_Back').click();
  const accept = page.locator('input[value=Accept]');
  if (await accept.isVisible()) await accept.click();
}

describe('the people of the local cloud', () => {
  it('are offered below the page, and scripts don’t come across them', async () => {
    await authorize();
    await expect(page.getByText('Ada Lovelace')).toHaveCount(0);
    await expect(page.locator('button')).toHaveCount(0);
    expect(await page.locator('body').innerText()).not.toContain(seededPassword);
    await inspectPage(page, 'sign-in-name');
    await page.locator('#idSIButton9').focus();
    await page.keyboard.press('Tab');
    await inspectPage(page, 'sign-in-name-person-focused');
    await page.keyboard.press('Enter');
    await expect(page.locator('#displayName')).toHaveText(ada);
    await inspectPage(page, 'sign-in-password');
    await page.locator('#idA_PWD_ForgotPassword').click();
    await expect(page.getByRole('heading')).toHaveText('Get back into your account');
    await inspectPage(page, 'password-help');
  });

  it('are those whom the address lets in', async () => {
    const offered = async (tenant: string) => {
      const query = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: target.redirectUri,
        scope: 'openid',
      });
      const answer = await fetch(`${cloud.entra.http}/${tenant}/oauth2/v2.0/authorize?${query.toString()}`);
      return [...(await answer.text()).matchAll(/name="loginfmt" value="([^"]+)"/g)].map(([, name]) => name);
    };
    expect(await offered(domain)).toEqual([
      ada,
      grace,
      ...[0, 1, 2, 3].map((index) => `p${index}@${domain}`),
    ]);
    expect(await offered('consumers')).toEqual(['grady@outlook.example', blocked]);
    const work = await offered('organizations');
    expect(work).toContain('admin@contoso.onmicrosoft.com');
    expect(work).not.toContain(blocked);
    expect(await offered('common')).toContain('grady@outlook.example');
  });
});
