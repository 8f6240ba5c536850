import { seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { registerApp } from './support/register-app.ts';
import { givePassword, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

const minute = 60_000;

describe('a sign-in that goes wrong', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it.for([
    { query: '?code=any', code: 'state_missing', title: 'The answer from Microsoft carries no state' },
    { query: '?code=any&state=any', code: 'state_unknown', title: 'This sign-in was not started here' },
  ])('is refused when the callback brings $query', async ({ query, code, title }) => {
    const page = await openPage(browser);
    const response = await page.goto(`${product.hub.url}/oauth/callback${query}`);
    expect(response?.status()).toBe(400);
    await expectProblem(page, { code, title, nextStep: 'Start the sign-in again from the connection' });
    await inspectPage(page, code);
  });

  it('is told to be done already when the callback comes twice', async () => {
    const { page, connectionId } = await startSignIn(product, browser);
    const callback = await signInUpToCallback(product, page);
    await page.goto(callback);
    await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(`/connections/${connectionId}`);
    const { user, status } = await product.client.connections.get(connectionId);
    expect({ user, state: status.state }).toEqual({ user: seededUsers.salesperson, state: 'ready' });

    const again = await page.goto(callback);
    expect(again?.status()).toBe(409);
    await expectProblem(page, {
      code: 'state_used',
      title: 'This sign-in is already done',
      nextStep: 'nothing needs to be repeated',
    });
    await expect(page.getByRole('link', { name: 'Back to Latchkey' })).toHaveAttribute(
      'href',
      `${product.hub.url}/connections/${connectionId}`,
    );
    expect((await product.client.connections.get(connectionId)).status.state).toBe('ready');
  });

  it('is refused in another browser, and can still be finished in its own', async () => {
    const { page, connectionId } = await startSignIn(product, browser);
    const callback = await signInUpToCallback(product, page);
    const other = await openPage(browser);
    const response = await other.goto(callback);
    expect(response?.status()).toBe(400);
    await expectProblem(other, {
      code: 'state_other_browser',
      title: 'This sign-in was started in another browser',
      nextStep: 'Finish the sign-in in the browser where it was started',
    });

    await page.goto(callback);
    expect(new URL(page.url()).pathname).toBe(`/connections/${connectionId}`);
    expect((await product.client.connections.get(connectionId)).status.state).toBe('ready');
  });

  it('is refused after ten minutes', async () => {
    const { page } = await startSignIn(product, browser);
    const callback = await signInUpToCallback(product, page);
    product.clock.advance(11 * minute);
    const response = await page.goto(callback);
    expect(response?.status()).toBe(400);
    await expectProblem(page, {
      code: 'state_expired',
      title: 'This sign-in took longer than ten minutes',
      nextStep: 'Start the sign-in again from the connection',
    });
  });

  it('does not begin by a link that another browser has opened', async () => {
    const { link } = await startSignIn(product, browser);
    const other = await openPage(browser);
    const response = await other.goto(link);
    expect(response?.status()).toBe(410);
    await expectProblem(other, {
      code: 'sign_in_link_invalid',
      title: 'This sign-in link was used already or has ended',
      nextStep: 'choose "Sign in with Microsoft" again',
    });
  });

  it('is explained at the connection when the person does not consent', async () => {
    const { page, connectionId } = await startSignIn(product, browser, {
      adminConsent: false,
      entered: true,
    });
    await signInInBrowser(page, seededUsers.salesperson);
    await page.getByRole('button', { name: 'Cancel' }).click();

    const status = page.getByRole('region', { name: 'Status' });
    await expect(status).toContainText('sign_in_declined');
    await expect(status).toContainText('AADSTS65004');
    await expect(status).toContainText('What to do');
    await expect(page.getByText('Needs sign-in', { exact: true })).toBeVisible();
    await expect(status.getByRole('button', { name: 'Sign in with Microsoft' })).toBeVisible();
    expect(page.url()).toBe(`${product.hub.url}/connections/${connectionId}`);
    await inspectPage(page, 'connection-declined');
  });

  it('blocks the connection when the person has no CRM licence', async () => {
    const { page, connectionId } = await startSignIn(product, browser, { entered: true });
    await signInInBrowser(page, seededUsers.withoutLicence);

    const status = page.getByRole('region', { name: 'Status' });
    await expect(page.getByText('Blocked', { exact: true })).toBeVisible();
    await expect(status).toContainText('crm_refused');
    await expect(status).toContainText('0x8004d24b');
    await expect(status).toContainText(/licen[cs]e/i);
    await inspectPage(page, 'connection-blocked');
    const call = await product.client.connections.request(connectionId, 'GET', '/api/data/v9.2/WhoAmI');
    expect(call.status).toBe(403);
    const { status: kept } = await product.client.connections.get(connectionId);
    expect(kept).toMatchObject({
      state: 'blocked',
      whoActs: 'administrator',
      failure: { code: 'crm_refused', remote: { system: 'dataverse', code: '0x8004d24b', httpStatus: 403 } },
    });
  });

  it('goes on at Microsoft’s page after a wrong password', async () => {
    const { page, connectionId } = await startSignIn(product, browser, { entered: true });
    await page.locator('#i0116').fill(seededUsers.salesperson);
    await page.locator('#idSIButton9').click();
    await page.locator('#i0118').fill('not the password');
    await page.locator('#idSIButton9').click();
    await expect(page.getByRole('alert')).toContainText('Your account or password is incorrect');
    await expect(page.getByRole('alert')).toContainText('50126');
    await givePassword(page);
    await expect(page.getByText(`Signed in as ${seededUsers.salesperson}`)).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(`/connections/${connectionId}`);
  });
});

interface StartedSignIn {
  /** At Microsoft's sign-in page. */
  page: Page;
  connectionId: string;
  link: string;
}

/** Makes a connection that nobody has signed in to, and opens its sign-in link. */
async function startSignIn(
  { hub, cloud, client }: Product,
  browser: Browser,
  { adminConsent = true, entered = false } = {},
): Promise<StartedSignIn> {
  const { redirectUri } = await client.settings.get();
  const app = await registerApp(cloud, { redirectUris: [redirectUri], adminConsent });
  const { id: connectionId } = await client.connections.create({
    method: 'sign_in',
    environmentUrl: cloud.crm.http,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
  });
  const { url: link } = await client.connections.signIn(connectionId);
  const page = await openPage(browser);
  if (entered) await enterHub(page, hub);
  await page.goto(link);
  return { page, connectionId, link };
}

/** Signs in, but holds the browser back on its way to the hub. @returns the address that it was sent to */
async function signInUpToCallback({ hub, cloud }: Product, page: Page): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  await page.route(`${cloud.entra.http}/**`, async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    const { location } = response.headers();
    if (!location?.startsWith(`${hub.url}/oauth/callback`)) return route.fulfill({ response });
    resolve(location);
    return route.fulfill({ body: 'Held back' });
  });
  await signInInBrowser(page, seededUsers.salesperson);
  await expect(page.getByText('Held back')).toBeVisible();
  return promise;
}

/** The hub's own page, which stands where no connection is known, or not this browser's. */
async function expectProblem(
  page: Page,
  { code, title, nextStep }: { code: string; title: string; nextStep: string },
): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await expect(page.getByText(nextStep)).toBeVisible();
  await expect(page.getByText(code, { exact: true })).toBeVisible();
}
