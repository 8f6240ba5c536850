import { seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { connectPerson } from './support/connect-person.ts';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { acceptPermissions, givePassword, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

describe('what happened to a connection, in the UI', () => {
  let product: Product;
  let browser: Browser;
  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  async function openConnection(id: string): Promise<Page> {
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/${id}`);
    return page;
  }

  it('tells what failed and since when, and reconnects in one click', async () => {
    const { id } = (await connectPerson(product)).connection;
    product.cloud.revokeSignIns(seededUsers.salesperson);
    await product.client.connections.refresh(id).catch(() => undefined);
    const page = await openConnection(id);
    const status = page.getByRole('region', { name: 'Status' });
    await expect(status.getByText('Since', { exact: true })).toBeVisible();
    await expect(status.getByText('Ends', { exact: true })).toBeVisible();
    const timeline = page.getByRole('region', { name: 'What happened' });
    await expect(timeline.getByText('Not refreshed')).toBeVisible();
    await timeline.getByRole('button', { name: 'AADSTS50173' }).first().click();
    await expect(timeline.getByText('Sign in again to renew the connection.').first()).toBeVisible();
    await inspectPage(page, 'connection-timeline');
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectPage(page, 'connection-timeline-dark');
    await page.emulateMedia({ colorScheme: 'light' });

    // Microsoft's page knows who is expected, and asks for nothing but the password.
    await status.getByRole('button', { name: 'Reconnect' }).click();
    await givePassword(page);
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
    await expect(timeline.getByText(`${seededUsers.salesperson} signed in.`).first()).toBeVisible();
  });

  it('warns when somebody else came back, until a person says that it is right', async () => {
    const { id } = (await connectPerson(product)).connection;
    const page = await openConnection(id);
    await page.getByRole('button', { name: 'As somebody else' }).click();
    await signInInBrowser(page, seededUsers.administrator);
    await acceptPermissions(page);
    const notice = page.getByText(`before it was ${seededUsers.salesperson}`, { exact: false }).first();
    await expect(notice).toBeVisible();
    await inspectPage(page, 'connection-somebody-else');
    await page.getByRole('button', { name: 'That is right' }).click();
    await expect(page.getByRole('button', { name: 'That is right' })).toHaveCount(0);
    const { identityNotice } = await product.client.connections.get(id);
    expect(identityNotice).toBeNull();
  });

  it('shows a registration’s timeline', async () => {
    const { id } = await product.client.registrations.create({
      kind: 'created',
      name: 'With a timeline',
      administratorSignIn: 'browser',
    });
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/registrations/${id}`);
    const timeline = page.getByRole('region', { name: 'What happened' });
    await expect(timeline.getByText('The registration was begun.')).toBeVisible();
    await inspectPage(page, 'registration-timeline');
  });
});
