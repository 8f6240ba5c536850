import { seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, it } from 'vitest';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { acceptPermissionsOnce, pickAccount, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await product?.close();
});

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

it('connects as the app itself, by a certificate and roles that a person picks, without any secret', async () => {
  const page = await openPage(browser);
  await enterHub(page, product.hub);
  await page.goto(`${product.hub.url}/registrations/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill('Nightly export');
  await page.getByRole('radio', { name: 'A certificate' }).check();
  await page.getByRole('button', { name: 'Advanced' }).click();
  await expect(page.getByLabel('Certificate ends after (days)')).toHaveValue('365');
  await inspectPage(page, 'registration-form-certificate');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('button', { name: 'Sign in as administrator' }).click();
  await signInInBrowser(page, seededUsers.administrator);
  await acceptPermissionsOnce(page, heading(page, 'Nightly export'));
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();
  const facts = page.getByRole('region', { name: 'Details' });
  const download = page.waitForEvent('download');
  await facts.getByRole('link', { name: 'Download the public part (PEM)' }).click();
  expect((await download).suggestedFilename()).toMatch(/^latchkey-.*\.pem$/);
  await inspectPage(page, 'registration-ready-certificate');

  await page.getByRole('link', { name: 'Use it for a connection' }).click();
  await page.getByRole('button', { name: 'Use its environment' }).click();
  await page.getByRole('radio', { name: 'Client credentials' }).check();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Connect as the app itself' });
  await expect(panel).toBeVisible();
  await inspectPage(page, 'app-itself-not-yet');
  await panel.getByRole('button', { name: 'Sign in as administrator' }).click();
  await pickAccount(page, seededUsers.administrator);
  await acceptPermissionsOnce(page, panel);
  await panel.getByRole('checkbox', { name: 'Salesperson' }).check();
  await inspectPage(page, 'app-itself-roles');
  await page.emulateMedia({ colorScheme: 'dark' });
  await inspectPage(page, 'app-itself-roles-dark');
  await page.emulateMedia({ colorScheme: 'light' });
  await panel.getByRole('button', { name: 'Give these roles' }).click();
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();
  await expect(panel.getByRole('listitem').filter({ hasText: 'Done' })).toHaveCount(6);
  await inspectPage(page, 'app-itself-ready');

  await panel.getByRole('button', { name: 'Undo' }).click();
  await pickAccount(page, seededUsers.administrator);
  await expect(panel).toContainText('the app is no longer let in');
});

it('takes a certificate for an app that was made elsewhere', async () => {
  const page = await openPage(browser);
  await enterHub(page, product.hub);
  await page.goto(`${product.hub.url}/connections/new?provider=dynamics-365`);
  await page.getByRole('radio', { name: 'Client credentials' }).check();
  await page.getByRole('radio', { name: 'An app with its own client id' }).check();
  await page.getByText('Certificate', { exact: true }).click();
  await page.getByRole('textbox', { name: 'Certificate with private key' }).fill('no certificate');
  await page.getByRole('textbox', { name: 'Client id' }).fill('0f1e2d3c-4b5a-4968-8778-695a4b3c2d1e');
  await page.getByRole('button', { name: 'Use its environment' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByText('There is no private key')).toBeVisible();
  await inspectPage(page, 'connection-form-certificate');
});
