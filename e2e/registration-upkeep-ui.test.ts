import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { seededPassword, seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { createGraphCaller } from './support/register-app.ts';
import { registerByHub, signInForRegistration } from './support/register-by-hub.ts';
import { acceptPermissionsOnce, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

const day = 86_400_000;

describe('a registration’s page', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  /** Light and dark, wide and narrow. */
  async function inspect(page: Page, name: string): Promise<void> {
    await inspectPage(page, name);
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectPage(page, `${name}-dark`);
    await page.emulateMedia({ colorScheme: 'light' });
  }

  it('tells of a secret’s end, has it rotated, and says who would stop without the registration', async () => {
    const { hub, client, clock, cloud } = product;
    const made = await registerByHub(client, { secretLifetimeDays: 40 });
    await hub.keeper.runDue();
    await client.connections.create({
      method: 'client_credentials',
      name: 'Nightly export',
      environmentUrl: cloud.crm.http,
      registrationId: made.id,
    });
    const page = await openPage(browser);
    await enterHub(page, hub);
    await page.goto(`${hub.url}/registrations/${made.id}`);
    const upkeep = page.getByRole('region', { name: 'Client secret', exact: true });
    await expect(upkeep).toContainText('Not by itself: the application may not change its own secrets');
    await expect(page.getByText('The secret works.')).toBeVisible();

    await upkeep.getByRole('button', { name: 'Let the hub rotate it' }).click();
    await page.getByRole('button', { name: 'Sign in as administrator' }).click();
    await signInInBrowser(page, seededUsers.administrator);
    await acceptPermissionsOnce(page, page.getByRole('heading', { level: 1, name: 'Latchkey' }));
    await expect(page.getByRole('button', { name: 'Sign in as administrator' })).toHaveCount(0);
    await expect.poll(async () => (await client.registrations.get(made.id)).task).toBeNull();
    await hub.keeper.runDue();
    await page.reload();
    await expect(upkeep).toContainText('By itself');
    await expect(page.getByText('Everything that the registration needs is there.')).toBeVisible();

    clock.advance(20 * day);
    await enterAgain(page, hub.url, made.id);
    await expect(upkeep).toContainText('The client secret ends in 19 days.');
    await inspect(page, 'registration-upkeep-warning');
    await upkeep.getByRole('button', { name: 'Rotate now' }).click();
    await expect(upkeep).toContainText('A new one is being made');
    await hub.keeper.runDue();
    await expect(upkeep).toContainText('the old one still works beside it');
    await expect(upkeep).toContainText('Old one until');
    await inspect(page, 'registration-upkeep-rotated');

    await page.getByRole('button', { name: 'Delete here' }).click();
    await expect(page.getByText('The connection Nightly export stops working.')).toBeVisible();
    await inspectPage(page, 'registration-upkeep-delete');
    await page.getByRole('button', { name: 'Delete it here' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'App registrations' })).toBeVisible();
    const { items } = await client.registrations.list();
    expect(items.map(({ id }) => id)).not.toContain(made.id);
  });

  it('shows the one alarm of a secret that has ended, from its connections, and ends it with another secret', async () => {
    const { hub, client, clock, cloud } = product;
    const made = await registerByHub(client, { secretLifetimeDays: 10 });
    const connection = await client.connections.create({
      method: 'client_credentials',
      name: 'Hourly import',
      environmentUrl: cloud.crm.http,
      registrationId: made.id,
    });
    clock.advance(11 * day);
    await hub.keeper.runDue();
    const page = await openPage(browser);
    await enterHub(page, hub);
    await page.goto(`${hub.url}/connections/${connection.id}`);
    await page.getByRole('link', { name: 'Open the registration' }).click();
    const upkeep = page.getByRole('region', { name: 'Client secret', exact: true });
    await expect(upkeep).toContainText('The client secret has ended');
    await inspect(page, 'registration-upkeep-alarm');
    await page.goto(`${hub.url}/registrations`);
    const row = page.getByRole('row').filter({ hasText: made.clientId ?? '' });
    await expect(row).toContainText('Secret refused');
    await page.goto(`${hub.url}/registrations/${made.id}`);

    const graph = await createGraphCaller(cloud);
    const { secretText } = await graph<{ secretText: string }>(
      'POST',
      `/applications/${made.applicationObjectId}/addPassword`,
      { passwordCredential: { displayName: 'by hand' } },
    );
    await page.getByRole('textbox', { name: 'New client secret' }).fill(secretText);
    await page.getByRole('button', { name: 'Prove and replace' }).click();
    await expect(page.getByText('Replaced.')).toBeVisible();
    await expect(upkeep).not.toContainText('The client secret has ended');
    await page.goto(`${hub.url}/connections/${connection.id}`);
    await expect(page.getByRole('link', { name: 'Open the registration' })).toHaveCount(0);

    const own = page.getByRole('region', { name: 'Client secret or certificate' });
    await expect(own).toContainText('The registration’s is used.');
    await own.getByRole('textbox', { name: 'New client secret' }).fill('pasted wrong');
    await own.getByRole('button', { name: 'Replace secret' }).click();
    await expect(own).toContainText('Microsoft does not accept the client secret');
    expect((await client.connections.get(connection.id)).hasOwnCredential).toBe(false);
    await own.getByRole('textbox', { name: 'New client secret' }).fill(secretText);
    await own.getByRole('button', { name: 'Replace secret' }).click();
    await expect(own).toContainText('One is kept, encrypted.');
    await inspect(page, 'connection-own-credential');
    await own.getByRole('button', { name: 'Use the registration’s' }).click();
    await expect(own).toContainText('The registration’s is used.');
    await page.goto(`${hub.url}/connections`);
    await expect(page.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();
    expect(await page.content()).not.toContain(secretText);
  });

  it('takes a certificate, renames the app with an administrator, and says what has to be taken back first', async () => {
    const { hub, client, clock, cloud } = product;
    const made = await registerByHub(client, { secretLifetimeDays: 300 });
    const connection = await client.connections.create({
      method: 'client_credentials',
      name: 'Weekly sync',
      environmentUrl: cloud.crm.http,
      registrationId: made.id,
    });
    const { signIn } = await client.applicationUsers.begin(connection.id, { roles: ['Salesperson'] });
    const administrator = { userName: seededUsers.administrator, password: seededPassword };
    await signInOnPages(createPageBrowser(), { link: signIn?.url ?? '', ...administrator });
    await expect.poll(async () => (await client.applicationUsers.get(connection.id)).state).toBe('ready');
    // An administrator rotates it once; the application may not remove the old one itself.
    await hub.keeper.runDue();
    await signInForRegistration(
      client,
      await client.registrations.rotate(made.id, { administratorSignIn: 'browser' }),
    );
    clock.advance(2 * day);
    await hub.keeper.runDue();
    const page = await openPage(browser);
    await enterAgain(page, hub.url, made.id);
    const upkeep = page.getByRole('region', { name: 'Client secret', exact: true });
    await expect(upkeep).toContainText('Still in Microsoft Entra ID, though nothing uses it');
    await inspect(page, 'registration-unused');

    const given = page.getByRole('region', { name: 'Give another secret or certificate' });
    await given.getByText('Certificate', { exact: true }).click();
    await given.getByRole('textbox', { name: 'New certificate with private key' }).fill('no certificate');
    await given.getByRole('button', { name: 'Prove and replace' }).click();
    await expect(given.getByText('There is no private key')).toBeVisible();

    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Weekly');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await expect(page.getByText('In Microsoft Entra ID it is called Latchkey.')).toBeVisible();
    await inspect(page, 'registration-named-otherwise');
    await page.getByRole('button', { name: 'Rename in Entra ID, too' }).click();
    await expect(page.getByText('The application gets the registration’s name.')).toBeVisible();
    await signInForRegistration(client, await client.registrations.get(made.id));
    await page.reload();
    await expect(page.getByRole('button', { name: 'Rename in Entra ID, too' })).toHaveCount(0);
    await upkeep.getByRole('button', { name: 'Clean up with an administrator' }).click();
    await expect(page.getByText('What nothing uses any more is removed')).toBeVisible();
    await signInForRegistration(client, await client.registrations.get(made.id));
    await page.reload();
    await expect(upkeep).not.toContainText('Still in Microsoft Entra ID');

    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('The connection Weekly sync stops working.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Take it back as administrator' })).toBeVisible();
    await inspect(page, 'registration-undo-users');
    await dialog.getByRole('button', { name: 'Delete the app' }).click();
    await expect(
      dialog.getByText('The hub has let this registration’s application into environments'),
    ).toBeVisible();
    await dialog.getByRole('button', { name: 'Take it back as administrator' }).click();
    await signInInBrowser(page, seededUsers.administrator);
    await expect(page.getByRole('heading', { level: 1, name: 'Weekly sync' })).toBeVisible();
    await expect.poll(async () => (await client.applicationUsers.get(connection.id)).state).toBe('undone');
    await page.goto(`${hub.url}/registrations/${made.id}`);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await expect(dialog.getByText('The connection Weekly sync stops working.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Take it back as administrator' })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Delete the app' }).click();
    await expect(page.getByRole('button', { name: 'Sign in as administrator' })).toBeVisible();
  });

  /** The session may have ended with the time that has passed. */
  async function enterAgain(page: Page, url: string, id: string): Promise<void> {
    await page.goto(await product.hub.entryLink());
    await expect(page.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();
    await page.goto(`${url}/registrations/${id}`);
  }
});
