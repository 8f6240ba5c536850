import { seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { damageRow } from '../packages/hub/src/testing/damage-row.ts';
import { recordHubEvents } from '../packages/hub/src/testing/record-hub-events.ts';
import { connectPerson } from './support/connect-person.ts';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { registerApp } from './support/register-app.ts';
import { acceptPermissionsOnce, givePassword, signInInBrowser } from './support/sign-in-in-browser.ts';
import { type Product, startProduct } from './support/start-product.ts';

const testSteps = 7;
const registrationSteps = 9;

describe('the hub’s UI', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('lets one person in by the one-time link, and tells the second how to get in', async () => {
    const link = await product.hub.entryLink();
    const first = await openPage(browser);
    await first.goto(link);
    await expect(first.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();
    expect(first.url()).toBe(`${product.hub.url}/`);

    const second = await openPage(browser);
    await second.goto(link);
    await expect(second.getByRole('heading', { name: 'You could not enter' })).toBeVisible();
    await expect(second.getByRole('alert')).toContainText('This link was used already or has ended');
    await expect(second.getByRole('alert')).toContainText('entry_code_invalid');
    expect(second.url()).not.toContain('code=');
    await inspectPage(second, 'entry-refused');

    await second.goto(product.hub.url);
    await expect(second.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
    await inspectPage(second, 'not-signed-in');

    await first.getByRole('button', { name: 'Sign out' }).click();
    await expect(first.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
    await first.reload();
    await expect(first.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  });

  it('leads from nothing to a proven connection', async () => {
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await inspectPage(page, 'connections');

    await openSection(page, 'App registrations');
    await inspectPage(page, 'registrations');
    await page.getByRole('link', { name: 'New registration' }).first().click();
    const name = page.getByRole('textbox', { name: 'Name' });
    await name.fill('');
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await inspectPage(page, 'registration-form');
    await name.fill('Nightly export');
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Nightly export' })).toBeVisible();
    await inspectPage(page, 'registration-awaiting');
    await page.getByRole('button', { name: 'Sign in as administrator' }).click();
    await signInInBrowser(page, seededUsers.administrator);
    await acceptPermissionsOnce(page, page.getByRole('heading', { level: 1, name: 'Nightly export' }));
    const steps = page.getByRole('list', { name: 'Steps of the registration' }).getByRole('listitem');
    await expect(steps.filter({ hasText: 'Done' })).toHaveCount(registrationSteps);
    await expect(steps.filter({ hasText: 'Admin consent' })).toContainText('Done');
    await expect(page.getByText('Granted', { exact: true })).toBeVisible();
    await inspectPage(page, 'registration-ready');

    await page.getByRole('link', { name: 'Use it for a connection' }).click();
    await expect(page.getByRole('combobox', { name: 'Registration' })).toHaveValue(/^Nightly export/);
    await page.getByRole('button', { name: 'Use its environment' }).click();
    await expect(page.getByText('region Local cloud')).toBeVisible();
    await inspectPage(page, 'connection-form');
    await page.getByRole('button', { name: 'Sign in with Microsoft', exact: true }).click();
    // The administrator is still signed in to Microsoft here; the connection is for somebody else.
    await page.getByRole('button', { name: 'Use another account' }).click();
    await signInInBrowser(page, seededUsers.salesperson);

    await expect(page.getByText(`Signed in as ${seededUsers.salesperson}`)).toBeVisible();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(page.getByText('Test passed')).toBeVisible();
    const verdicts = page.getByRole('list', { name: 'Steps of the test' }).getByRole('listitem');
    await expect(verdicts.filter({ hasText: 'Passed' })).toHaveCount(testSteps);
    const facts = page.getByRole('region', { name: 'Access token' });
    await expect(facts).toContainText(product.cloud.crm.http);
    await expect(facts).toContainText('user_impersonation');
    await expect(facts).toContainText(seededUsers.salesperson);
    await expect(page.getByRole('table', { name: 'First accounts' }).getByRole('row')).not.toHaveCount(1);
    await inspectPage(page, 'connection-ready');

    const connectionId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const { accessToken } = await product.client.connections.token(connectionId);
    const document = await page.content();
    expect(document).not.toContain(accessToken.slice(0, 'eyJ0eXAiOiJKV1Qi'.length));
    expect(document).not.toContain(accessToken.split('.').at(-1));
    const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage])');
    expect(kept).not.toContain('eyJ');

    await openSection(page, 'Connections');
    await expect(page.locator(`a[href="/connections/${connectionId}"]`)).toBeVisible();
    await inspectPage(page, 'connections-some');
    await openSection(page, 'App registrations');
    await inspectPage(page, 'registrations-some');
  });

  it('says at each field of the manual form what is wrong with it', async () => {
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/new?provider=dynamics-365`);
    await page.getByRole('radio', { name: 'or enter the details by hand' }).check();
    const connect = page.getByRole('button', { name: 'Connect', exact: true });
    const field = (name: string) => page.getByRole('textbox', { name });

    await connect.click();
    await expect(field('Environment address')).toBeFocused();
    await expect(field('Environment address')).toHaveAccessibleDescription(/Paste the address/);
    await expect(field('Client id')).toHaveAccessibleDescription(/Enter the application \(client\) id/);
    await expect(field('Refresh token')).toHaveAccessibleDescription(/Enter a refresh token/);
    await inspectPage(page, 'manual-form-empty');

    await field('Environment address').fill('https://portal.azure.com/');
    await field('Client id').fill('the client id');
    await field('Refresh token').fill('a refresh token');
    await field('Token URL').fill('https://127.0.0.1/oauth2/token');
    await expect(field('Environment address')).toHaveAccessibleDescription(/Dynamics 365/);
    await inspectPage(page, 'manual-form-refused');
    await field('Environment address').fill(product.cloud.crm.http);
    await connect.click();
    await expect(field('Client id')).toHaveAccessibleDescription(/is a GUID/);
    await expect(page.getByRole('alert')).toContainText('invalid_body');
    await field('Client id').fill('51f81489-12ee-4a9e-aaae-a2591f45987d');
    await connect.click();
    await expect(field('Token URL')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByRole('alert')).toContainText('address_not_allowed');
    await inspectPage(page, 'manual-form-token-url');
  });

  it('fills itself in from a pasted connection string, whose secret stays in the browser', async () => {
    const page = await openPage(browser);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/new?provider=dynamics-365`);
    const lookUps: string[] = [];
    page.on('request', (request) => lookUps.push(request.postData() ?? ''));
    const field = (name: string) => page.getByRole('textbox', { name, exact: true });
    const paste = async (text: string) => {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
      await page.getByRole('textbox', { name: 'Environment address' }).press('Control+V');
    };

    const clientId = '4d1f0000-0000-4000-8000-000000000001';
    const { origin } = new URL(product.cloud.crm.http);
    await paste(
      `AuthType=ClientSecret;Url=${origin}/;ClientId=${clientId};ClientSecret='a;secret';TenantId=contoso.com`,
    );
    await expect(page.getByRole('status').filter({ hasText: 'Organization' })).toContainText(
      'Read from the connection string: address, how to connect, client id, client secret, tenant',
    );
    await expect(page.getByRole('textbox', { name: 'Environment address' })).toHaveValue(origin);
    await expect(page.getByRole('radio', { name: 'Client credentials' })).toBeChecked();
    await expect(field('Client id')).toHaveValue(clientId);
    await expect(field('Client secret')).toHaveValue('a;secret');
    await page.getByRole('button', { name: 'Advanced' }).click();
    await expect(page.getByRole('textbox', { name: 'Tenant' })).toHaveValue('contoso.com');
    expect(lookUps.some((body) => body.includes(clientId))).toBe(true);
    expect(lookUps.filter((body) => body.includes('a;secret'))).toEqual([]);
    await inspectPage(page, 'connection-string');

    // Typed instead of pasted, and of another way.
    await page
      .getByRole('textbox', { name: 'Environment address' })
      .fill(`AuthType=Certificate;Url=${origin};Thumbprint=AB`);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('status').filter({ hasText: 'Organization' })).toContainText(
      'by a certificate',
    );
    await inspectPage(page, 'connection-string-certificate');

    await paste('AuthType=OAuth;Url=https://portal.azure.com;ClientSecret=hunter2');
    await expect(page.getByRole('textbox', { name: 'Environment address' })).toHaveAccessibleDescription(
      /portal\.azure\.com is/,
    );
    await expect(page.getByRole('textbox', { name: 'Environment address' })).not.toHaveValue(/hunter2/);
    expect(lookUps.filter((body) => body.includes('hunter2'))).toEqual([]);
    await page.context().close();
  });

  it('connects an app as itself, once it is a user of the environment', async () => {
    const { clientId, clientSecret } = await registerApp(product.cloud, { adminConsent: true });
    const { connection } = await connectPerson(product, seededUsers.administrator);
    const created = await product.client.connections.request(
      connection.id,
      'POST',
      '/api/data/v9.2/systemusers',
      { body: JSON.stringify({ applicationid: clientId }), headers: { 'content-type': 'application/json' } },
    );
    expect(created.status).toBe(204);

    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/new?provider=dynamics-365`);
    await page.getByRole('button', { name: 'Use its environment' }).click();
    await page.getByRole('radio', { name: 'Client credentials' }).check();
    await page.getByRole('radio', { name: 'An app with its own client id' }).check();
    await page.getByRole('textbox', { name: 'Client id' }).fill(clientId);
    await page.getByRole('textbox', { name: 'Client secret' }).fill(clientSecret);
    await page.getByRole('button', { name: 'Advanced' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('As itself');
    await inspectPage(page, 'client-credentials-form');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();

    await expect(page.getByRole('heading', { level: 1, name: 'As itself' })).toBeVisible();
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
    await expect(page.getByRole('table', { name: 'First accounts' })).toBeVisible();
    await expect(page.getByRole('button', { name: /Sign in|Reconnect/ })).toHaveCount(0);
    await inspectPage(page, 'connection-client-credentials');
  });

  it('reconnects in place after the sign-in was revoked', async () => {
    const { id } = (await connectPerson(product)).connection;
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/${id}`);
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();

    product.cloud.revokeSignIns(seededUsers.salesperson);
    await page.getByRole('button', { name: 'Refresh now' }).click();
    await expect(page.getByText('Needs sign-in', { exact: true })).toBeVisible();
    const status = page.getByRole('region', { name: 'Status' });
    await expect(status).toContainText('AADSTS50173');
    await expect(status).toContainText('an administrator ended the sessions');
    await inspectPage(page, 'connection-needs-sign-in');

    await status.getByRole('button', { name: 'Reconnect' }).click();
    await givePassword(page);
    await expect(page.getByText(`Signed in as ${seededUsers.salesperson}`)).toBeVisible();
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();
    expect(new URL(page.url()).pathname).toBe(`/connections/${id}`);
  });

  it('makes an API key that works until it is revoked', async () => {
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await openSection(page, 'API keys');
    await page.getByRole('button', { name: 'New API key' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Reports');
    await page.getByRole('button', { name: 'Create' }).click();
    const key = await page.getByRole('dialog').getByText(/^lk_/).textContent();
    await inspectPage(page, 'api-key-created');
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await page.content()).not.toContain(key);
    expect(await askWithKey(product, key)).toMatchObject({ status: 200 });

    await inspectPage(page, 'api-keys');
    await page.getByRole('button', { name: 'Revoke Reports' }).click();
    await inspectPage(page, 'api-key-revoke');
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(page.getByRole('row', { name: /Reports/ })).toContainText('Revoked');
    expect(await askWithKey(product, key)).toMatchObject({ status: 401, code: 'api_key_revoked' });
  });

  it('makes an API key that may do one thing with one connection until a day, and another in its place', async () => {
    const { id } = (await connectPerson(product)).connection;
    await product.client.connections.update(id, { name: 'Limited' });
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await openSection(page, 'API keys');
    await page.getByRole('button', { name: 'New API key' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Dashboard');
    await page.getByRole('combobox', { name: 'It may' }).selectOption('What I choose');
    await expect(page.getByRole('button', { name: 'Create' })).toBeDisabled();
    await inspectPage(page, 'api-key-scopes');
    await page.getByRole('combobox', { name: 'It may' }).selectOption('Read from the CRM');
    await page.getByRole('combobox', { name: 'With the connections' }).fill('Limit');
    await page.getByRole('option', { name: 'Limited' }).click();
    const ends = page.getByRole('combobox', { name: 'It ends' });
    // Closes the list of connections, as a person's click would.
    await ends.focus();
    await ends.selectOption('In 90 days');
    await inspectPage(page, 'api-key-limited');
    await page.getByRole('button', { name: 'Create' }).click();
    const first = await page.getByRole('dialog').getByText(/^lk_/).textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('row', { name: /Dashboard/ })).toContainText(
      'Read from the CRM, with one connection',
    );
    expect(await askWithKey(product, first)).toMatchObject({ status: 403, code: 'scope_missing' });

    await page.getByRole('button', { name: 'Replace Dashboard' }).click();
    await page.getByRole('combobox', { name: 'The old key goes on' }).selectOption('Not at all');
    await inspectPage(page, 'api-key-replace');
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    const second = await page.getByRole('dialog').getByText(/^lk_/).textContent();
    await page.getByRole('button', { name: 'Done' }).click();
    expect(await askWithKey(product, first)).toMatchObject({ status: 401, code: 'api_key_expired' });
    expect(await askWithKey(product, second)).toMatchObject({ status: 403, code: 'scope_missing' });
    await expect(page.getByRole('row', { name: /Dashboard.*Ended/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /Dashboard.*Active/ })).toBeVisible();
    await inspectPage(page, 'api-keys-replaced');
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectPage(page, 'api-keys-replaced-dark');
  });

  it('shows what the hub does without anybody asking', async () => {
    const { id } = (await connectPerson(product)).connection;
    await product.client.connections.update(id, { name: 'Kept' });
    await product.hub.keeper.runDue();
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await openSection(page, 'Keeper');
    await expect(page.getByRole('region', { name: 'Work' })).toContainText('keep alive and prove');
    const next = page.getByRole('table', { name: 'What is done next' });
    await expect(next.getByRole('row', { name: /Kept/ })).toBeVisible();
    await expect(next).toContainText('Processes that are gone');
    await expect(next).not.toContainText('keeper_processes');
    await expect(page.getByRole('region', { name: 'Processes' })).toContainText('Off');
    // Its only keeper is switched off in this test.
    await expect(page.getByText('Nobody keeps', { exact: true })).toBeVisible();
    await inspectPage(page, 'keeper');
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectPage(page, 'keeper-dark');
    await next.getByRole('link', { name: 'Kept' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Kept' })).toBeVisible();
  });

  it('tells what happened to the hub itself, page after page, of some kinds or of all', async () => {
    const summaries = Array.from({ length: 25 }, (_, index) => `Backup number ${index + 1}.`);
    await recordHubEvents(product.hub.context, summaries);
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await openSection(page, 'Events');
    const timeline = page.getByRole('region', { name: 'What happened' });
    await expect(timeline.getByText('Backup number 25.')).toBeVisible();
    await expect(timeline.getByText('Process started')).toHaveCount(0);
    await timeline.getByRole('button', { name: 'Show more' }).click();
    await expect(timeline.getByText('Process started')).toBeVisible();
    const choice = timeline.getByRole('combobox', { name: 'Which events' });
    await choice.selectOption('Processes');
    await expect(timeline.getByText('Process started')).toBeVisible();
    await expect(timeline.getByText('Backup number 25.')).toHaveCount(0);
    await inspectPage(page, 'hub-events');
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspectPage(page, 'hub-events-dark');
    await choice.selectOption('Sign-in service and clocks');
    await expect(timeline.getByText('Nothing of that has happened.')).toBeVisible();
  });

  it('shows which API key is damaged, and lets it be revoked', async () => {
    const { id } = await product.client.apiKeys.create({ name: 'Nightly' });
    await damageRow(product.hub, 'api_keys', { id }, { last_used_at: -1 });
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await openSection(page, 'API keys');
    const row = page.getByRole('row', { name: /Nightly/ });
    await expect(row).toContainText('Damaged');
    await expect(row).toContainText('A stored number is no time. Revoke this key and make another one');
    await inspectPage(page, 'api-key-damaged');
    await page.getByRole('button', { name: 'Revoke Nightly' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(row).toContainText('Revoked');
  });

  it('keeps settings, puts a connection out of use for a while, and for good', async () => {
    const { id } = (await connectPerson(product)).connection;
    await product.client.connections.update(id, { name: 'Out of use' });
    const page = await openPage(browser);
    await enterHub(page, product.hub);
    await page.getByRole('link', { name: 'Out of use' }).click();
    const settings = page.getByRole('region', { name: 'Settings' });
    await settings.getByRole('textbox', { name: 'Name' }).fill('Soon gone');
    await settings.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Soon gone' })).toBeVisible();

    await page.getByRole('button', { name: 'Disable' }).click();
    await expect(page.getByText('Disabled', { exact: true })).toBeVisible();
    await expect(product.client.connections.token(id)).rejects.toMatchObject({
      problem: { code: 'connection_disabled' },
    });
    await inspectPage(page, 'connection-disabled');
    await page.getByRole('button', { name: 'Enable' }).click();
    await expect(page.getByText('Ready', { exact: true })).toBeVisible();

    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await inspectPage(page, 'connection-delete');
    await page.getByRole('button', { name: 'Delete connection' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();
    await expect(page.getByText('Soon gone')).toHaveCount(0);
    await expect(product.client.connections.get(id)).rejects.toMatchObject({
      problem: { code: 'connection_not_found' },
    });

    await page.goto(`${product.hub.url}/connections/${id}`);
    await expect(page.getByText('connection_not_found')).toBeVisible();
    await inspectPage(page, 'connection-not-found');
    await page.goto(`${product.hub.url}/nowhere`);
    await inspectPage(page, 'page-not-found');
  });
});

async function openSection(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function askWithKey(product: Product, key: string | null): Promise<{ status: number; code?: string }> {
  const response = await fetch(`${product.hub.url}/api/v1/connections`, {
    headers: { authorization: `Bearer ${key}` },
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, ...(code === undefined ? {} : { code }) };
}
