import { seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { acceptPermissionsOnce, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

const registrationSteps = 9;
const minute = 60_000;

describe('a registration by device code', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('goes on by itself once the administrator has approved it elsewhere', async () => {
    const page = await openPage(browser);
    await registerByDeviceCode(product, page, 'From afar');
    await inspectPage(page, 'device-code');

    const elsewhere = await openPage(browser);
    await enterCode(elsewhere, await readCode(page));
    await approve(elsewhere);

    await expect(stepsOf(page).filter({ hasText: 'Done' })).toHaveCount(registrationSteps);
    await expect(stepsOf(page).first()).toContainText(`Signed in as ${seededUsers.administrator}`);
    await expect(page.getByRole('link', { name: 'Use it for a connection' })).toBeVisible();
  });

  it('is undone after another sign-in of the administrator', async () => {
    const page = await openPage(browser);
    await registerByDeviceCode(product, page, 'Taken back');
    const elsewhere = await openPage(browser);
    await enterCode(elsewhere, await readCode(page));
    await approve(elsewhere);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Delete the app' }).click();

    await expect(page.getByText('Being undone', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Sign in as administrator' }).click();
    await signInInBrowser(page, seededUsers.administrator);
    await expect(page.getByText('Undone', { exact: true }).first()).toBeVisible();
    await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
    await inspectPage(page, 'registration-undone');
  });

  it('says that the administrator declined, and offers another try', async () => {
    const page = await openPage(browser);
    await registerByDeviceCode(product, page, 'Not wanted');
    const elsewhere = await openPage(browser);
    await enterCode(elsewhere, await readCode(page));
    await elsewhere.getByRole('button', { name: 'Cancel' }).click();

    await expect(page.getByText('Failed', { exact: true }).first()).toBeVisible();
    await expect(stepsOf(page).first()).toContainText('sign_in_declined');
    await inspectPage(page, 'device-code-declined');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('button', { name: 'Sign in as administrator' })).toBeVisible();
  });

  it('says that the code has aged, and gives a fresh one', async () => {
    const page = await openPage(browser);
    await registerByDeviceCode(product, page, 'Too late');
    const { userCode: aged } = await readCode(page);

    product.clock.advance(16 * minute);
    await expect(page.getByText('Failed', { exact: true }).first()).toBeVisible();
    await expect(stepsOf(page).first()).toContainText('device_code_expired');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('status', { name: 'Device code' })).not.toHaveText(aged);
  });
});

async function registerByDeviceCode(product: Product, page: Page, name: string): Promise<void> {
  await enterHub(page, product.hub);
  await page.goto(`${product.hub.url}/registrations/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('radio', { name: 'With a device code' }).check();
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('status', { name: 'Device code' })).toBeVisible();
}

interface ShownCode {
  userCode: string;
  verificationUri: string;
}

async function readCode(page: Page): Promise<ShownCode> {
  const userCode = (await page.getByRole('status', { name: 'Device code' }).textContent()) ?? '';
  const verificationUri = await page.getByRole('link', { name: /devicelogin/ }).getAttribute('href');
  return { userCode, verificationUri: verificationUri ?? '' };
}

/** In the administrator's own browser, anywhere. */
async function enterCode(page: Page, { userCode, verificationUri }: ShownCode): Promise<void> {
  await page.goto(verificationUri);
  await page.locator('#otc').fill(userCode);
  await page.locator('#idSIButton9').click();
  await signInInBrowser(page, seededUsers.administrator);
}

async function approve(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Are you trying to sign in to' })).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await acceptPermissionsOnce(page, page.getByText('You have signed in'));
}

function stepsOf(page: Page) {
  return page.getByRole('list', { name: 'Steps of the registration' }).getByRole('listitem');
}
