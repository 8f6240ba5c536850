import { sign } from 'node:crypto';
import { seededUsers } from '@latchkey/cloud';
import type { Browser, Locator, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type OpenedCloud, openLocalCloud } from '../packages/cloud/src/testing/open-local-cloud.ts';
import { expect } from './support/expect.ts';
import { inspectPage } from './support/inspect-page.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';

const redirectUri = 'http://localhost:9999/callback';

/** Every page is looked at twice by axe, which takes its time on a machine that has other things to do. */
const inspectionMilliseconds = 300_000;
const longName = 'A name that is rather long, as names of integrations tend to be';

/** What a person notes down on the way. */
interface Noted {
  clientId: string;
  tenantId: string;
  clientSecret: string;
}

describe('the portal, by hand', () => {
  let cloud: OpenedCloud;
  let browser: Browser;

  beforeAll(async () => {
    [cloud, browser] = await Promise.all([openLocalCloud({ adminApi: true }), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await cloud?.close();
  });

  it('registers an app as the article says, and its secret gets tokens', async () => {
    const page = await enterPortal(seededUsers.administrator);
    const noted = await registerByHand(page, 'Integration');
    const code = await fetchCode(noted);
    const response = await fetch(`${cloud.entra.http}/${noted.tenantId}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: noted.clientId,
        client_secret: noted.clientSecret,
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        resource: cloud.crm.http,
      }),
    });
    expect(await response.json()).toMatchObject({
      token_type: 'Bearer',
      scope: 'user_impersonation',
      refresh_token: expect.any(String),
    });
  });

  it('takes a certificate whose owner then proves themselves with it', async () => {
    const page = await enterPortal(seededUsers.administrator);
    const application = await registerInto(page, 'Signs its assertions');
    const clientId = await page.locator('#client-id .value').innerText();
    await uploadCertificate(page, application);
    const { kid, privateKey } = cloud.context.signingKeys.current;
    const audience = `${cloud.entra.http}/contoso.onmicrosoft.com/oauth2/v2.0/token`;
    const now = Math.floor(Date.now() / 1000);
    const assertion = [
      { alg: 'RS256', typ: 'JWT', x5t: kid },
      { aud: audience, iss: clientId, sub: clientId, jti: 'one', nbf: now, exp: now + 300 },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('RSA-SHA256', Buffer.from(assertion), privateKey).toString('base64url');
    const response = await fetch(audience, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${assertion}.${signature}`,
        scope: 'https://graph.microsoft.com/.default',
      }),
    });
    expect(await response.json()).toMatchObject({ token_type: 'Bearer' });
  });

  it('works without scripts', async () => {
    const page = await enterPortal(seededUsers.administrator, { javaScriptEnabled: false });
    await page.getByRole('link', { name: 'App registrations' }).first().click();
    await page.getByRole('link', { name: 'New registration' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('No scripts');
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByRole('link', { name: 'API permissions', exact: true }).click();
    await page.getByRole('link', { name: 'Add a permission' }).click();
    await page.getByRole('link', { name: 'Microsoft Graph' }).click();
    await page.getByRole('searchbox', { name: 'Select permissions' }).fill('Directory.Read');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Application permissions', { exact: true }).first().click();
    await page.getByRole('checkbox', { name: 'Select all application permissions' }).check();
    await page.getByRole('button', { name: 'Add permissions' }).click();
    await expect(page.getByRole('cell', { name: 'Directory.Read.All', exact: true })).toBeVisible();
  });

  it('works by keyboard alone, and where no page may copy', async () => {
    const page = await enterPortal(seededUsers.administrator);
    await page.addInitScript(
      'navigator.clipboard.writeText = () => Promise.reject(new Error("not allowed"))',
    );
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('main').getByRole('link', { name: /^App registrations/ }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('link', { name: 'New registration' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('textbox', { name: 'Name', exact: true }));
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'By keyboard', level: 1 })).toBeVisible();
    await tabTo(page, page.getByRole('button', { name: 'Copy Application (client) ID' }));
    await page.keyboard.press('Enter');
    await expect(
      page.getByRole('status').filter({ hasText: 'Application (client) ID selected' }),
    ).toBeAttached();
    expect(await page.evaluate('getSelection().toString()')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('makes one application of a double click', async () => {
    const page = await enterPortal(seededUsers.administrator, { javaScriptEnabled: false });
    await page.goto(`${cloud.portal.http}/app-registrations/new`);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Clicked twice');
    await page.getByRole('button', { name: 'Register' }).dblclick();
    await expect(page.getByText('The application was created')).toBeVisible();
    await page.goto(`${cloud.portal.http}/app-registrations`);
    await expect(page.getByRole('link', { name: 'Clicked twice' })).toHaveCount(1);
  });

  it('is readable for everybody, wide and narrow, on the pages of the directory', {
    timeout: inspectionMilliseconds,
  }, async () => {
    const page = await enterPortal(seededUsers.administrator);
    await inspectPage(page, 'portal-home');
    await inspectAll(page, cloud.portal.http, [
      'directory',
      'directories',
      'users',
      'users/new',
      'policies',
      'consent-requests',
    ]);
    await page.goto(`${cloud.portal.http}/users`);
    await page.getByRole('link', { name: 'Alex Wilber' }).click();
    await inspectPage(page, 'portal-user');
  });

  it('is readable for everybody, wide and narrow, on the pages of logs, faults and time', {
    timeout: inspectionMilliseconds,
  }, async () => {
    const page = await enterPortal(seededUsers.administrator);
    await page.goto(`${cloud.portal.http}/tokens`);
    await page.getByText('Access token', { exact: true }).last().click();
    await inspectPage(page, 'portal-tokens');
    await page.goto(`${cloud.portal.http}/sign-ins`);
    await page.getByText('Access token', { exact: true }).last().click();
    await inspectPage(page, 'portal-sign-ins');
    await inspectAll(page, cloud.portal.http, [
      'signing-keys',
      'faults',
      'clock',
      'app-registrations/new',
      'app-registrations/deleted',
    ]);
  });

  it('is readable for everybody, wide and narrow, on what proves and offers an application', {
    timeout: inspectionMilliseconds,
  }, async () => {
    const page = await enterPortal(seededUsers.administrator);
    const application = await registerInto(page, longName);
    await page.goto(`${application}/secrets/new`);
    await inspectPage(page, 'portal-secret-new');
    await page.getByRole('textbox', { name: 'Description' }).fill('hub');
    await page.getByRole('button', { name: 'Add' }).click();
    await inspectPage(page, 'portal-secrets');
    await uploadCertificate(page, application);
    await inspectPage(page, 'portal-certificates');
    await addFederatedCredential(page, application);
    await inspectPage(page, 'portal-federated');
    await exposeApi(page, application);
    await inspectPage(page, 'portal-expose-an-api');
    await createAppRole(page, application);
    await inspectPage(page, 'portal-app-roles');
    await addOptionalClaim(page, application);
    await inspectPage(page, 'portal-token-configuration');
    await inspectAll(page, application, [
      'secrets/federated/new',
      'expose-an-api/scopes/new',
      'app-roles/new',
    ]);
  });

  it('is readable for everybody, wide and narrow, on what an application may do', {
    timeout: inspectionMilliseconds,
  }, async () => {
    const page = await enterPortal(seededUsers.administrator);
    const application = await registerInto(page, longName);
    await inspectAll(page, application, [
      'permissions',
      'permissions/add',
      'permissions/add?apis=organization',
      'permissions/add?apis=mine',
      'permissions/add/00000003-0000-0000-c000-000000000000',
      'permissions/consent',
    ]);
    await page.getByRole('button', { name: 'Yes' }).click();
    await page.getByRole('button', { name: 'Remove User.Read' }).click();
    await expect(page.getByRole('heading', { name: 'Other permissions granted for Contoso' })).toBeVisible();
    await page.getByText('Revoke admin consent').click();
    await inspectPage(page, 'portal-permissions-other');
    await page.goto(`${application}/permissions/consent`);
    await inspectPage(page, 'portal-permissions-consent-other');
  });

  it('is readable for everybody, wide and narrow, on the other pages of an application', {
    timeout: inspectionMilliseconds,
  }, async () => {
    const page = await enterPortal(seededUsers.administrator);
    const application = await registerInto(page, longName);
    await inspectPage(page, 'portal-overview');
    await inspectAll(page, application, [
      'branding',
      'authentication',
      'owners',
      'manifest',
      'endpoints',
      'delete',
    ]);
    await page.goto(`${cloud.portal.http}/app-registrations/all`);
    await inspectPage(page, 'portal-applications');
    await page.goto(`${cloud.portal.http}/nothing`);
    await inspectPage(page, 'portal-not-found');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'You signed out' })).toBeVisible();
    await inspectPage(page, 'portal-signed-out');
  });

  it('shows a member what they may not do', async () => {
    const page = await enterPortal(seededUsers.salesperson);
    const application = await registerInto(page, 'Of a member');
    await page.goto(`${application}/permissions`);
    await expect(page.getByRole('button', { name: 'Grant admin consent for Contoso' })).toBeDisabled();
    await expect(page.getByText('Only administrators can grant admin consent')).toBeVisible();
    await inspectPage(page, 'portal-member');
  });

  it('signs people in by the address of the machine, and by Microsoft’s own names', async () => {
    const byAddress = await openPage(browser);
    const { port } = new URL(cloud.portal.http);
    const address = `http://127.0.0.1:${port}`;
    expect(await enterAndLeave(byAddress, address)).toEqual([`${address}/users`, `${address}/signed-out`]);
    const context = await browser.newContext({
      proxy: { server: cloud.proxy },
      // The local authority signs these names; a browser of one's own is told to trust it.
      ignoreHTTPSErrors: true,
    });
    const byName = await context.newPage();
    for (const host of ['https://portal.azure.com', 'https://entra.microsoft.com']) {
      expect(await enterAndLeave(byName, host)).toEqual([`${host}/users`, `${host}/signed-out`]);
      await context.clearCookies();
    }
  });

  /** Signs in and out again, and tells on which pages that ended. */
  async function enterAndLeave(page: Page, origin: string): Promise<string[]> {
    await page.goto(`${origin}/users`);
    await signInInBrowser(page, seededUsers.administrator);
    await expect(page.getByRole('heading', { name: 'Users', level: 1 })).toBeVisible();
    const entered = page.url();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'You signed out' })).toBeVisible();
    return [entered, page.url()];
  }

  async function inspectAll(page: Page, base: string, paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      await page.goto(`${base}/${path}`);
      await inspectPage(page, `portal-${path.replaceAll(/\W+/g, '-')}`);
    }
  }

  async function enterPortal(userName: string, options: { javaScriptEnabled?: boolean } = {}): Promise<Page> {
    const page =
      options.javaScriptEnabled === false
        ? await (await browser.newContext({ javaScriptEnabled: false })).newPage()
        : await openPage(browser);
    await page.goto(cloud.portal.http);
    await signInInBrowser(page, userName);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Welcome');
    return page;
  }

  /** Gives the address of the application's first page. */
  async function registerInto(page: Page, name: string): Promise<string> {
    await page.goto(`${cloud.portal.http}/app-registrations/new`);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('textbox', { name: 'Redirect URI' }).fill(redirectUri);
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(page.getByText('The application was created')).toBeVisible();
    return page.url().replace(/\?.*$/, '');
  }

  /** Presses Tab until the element has the focus. */
  async function tabTo(page: Page, target: Locator): Promise<void> {
    await expect(target).toBeVisible();
    const focused = target.and(page.locator(':focus'));
    for (let presses = 0; presses < 60 && (await focused.count()) === 0; presses += 1) {
      await page.keyboard.press('Tab');
    }
    await expect(target).toBeFocused();
  }

  async function uploadCertificate(page: Page, application: string): Promise<void> {
    await page.goto(`${application}/secrets/certificates`);
    await page.getByLabel('Certificate', { exact: true }).setInputFiles({
      name: 'integration.pem',
      mimeType: 'application/x-pem-file',
      // Any certificate with an RSA key will do; the cloud's own is at hand.
      buffer: Buffer.from(
        `-----BEGIN CERTIFICATE-----\n${cloud.context.signingKeys.current.certificate}\n-----END CERTIFICATE-----\n`,
      ),
    });
    await page.getByRole('textbox', { name: 'Description' }).fill('nightly');
    await page.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByText('The certificate was added')).toBeVisible();
    await expect(page.getByRole('cell', { name: 'nightly' })).toBeVisible();
  }

  async function addFederatedCredential(page: Page, application: string): Promise<void> {
    await page.goto(`${application}/secrets/federated`);
    await page.getByRole('link', { name: 'Add credential' }).click();
    await page.getByRole('textbox', { name: 'Issuer' }).fill('https://token.actions.githubusercontent.com');
    await page
      .getByRole('textbox', { name: 'Subject identifier' })
      .fill('repo:contoso/nightly:ref:refs/heads/main');
    await page.getByRole('textbox', { name: 'Name' }).fill('nightly');
    await page.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByText('The federated credential was added')).toBeVisible();
  }

  async function exposeApi(page: Page, application: string): Promise<void> {
    await page.goto(`${application}/expose-an-api`);
    await page.getByRole('link', { name: 'Add a scope' }).click();
    await page.getByRole('textbox', { name: 'Scope name' }).fill('Files.Read');
    await page.getByRole('textbox', { name: 'Admin consent display name' }).fill('Read files');
    await page
      .getByRole('textbox', { name: 'Admin consent description' })
      .fill('Reads the files of the person.');
    await page.getByRole('button', { name: 'Add scope' }).click();
    await expect(page.getByText('The scope was added')).toBeVisible();
  }

  async function createAppRole(page: Page, application: string): Promise<void> {
    await page.goto(`${application}/app-roles`);
    await page.getByRole('link', { name: 'Create app role' }).click();
    await page.getByRole('textbox', { name: 'Display name' }).fill('Writers');
    await page.getByRole('radio', { name: 'Applications', exact: true }).check();
    await page.getByRole('textbox', { name: 'Value' }).fill('Task.Write');
    await page.getByRole('textbox', { name: 'Description' }).fill('Create tasks.');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(page.getByText('The app role was created')).toBeVisible();
  }

  async function addOptionalClaim(page: Page, application: string): Promise<void> {
    await page.goto(`${application}/token-configuration`);
    await page.getByRole('radio', { name: 'Access' }).check();
    await page.getByRole('checkbox', { name: 'upn' }).check();
    await page.getByRole('button', { name: 'Add' }).click();
    await expect(page.getByRole('cell', { name: 'upn', exact: true })).toBeVisible();
  }

  /** Steps 2 to 9, and the secret, by what the pages say alone. */
  async function registerByHand(page: Page, name: string): Promise<Noted> {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page
      .getByRole('link', { name: /^Microsoft Entra ID/ })
      .last()
      .click();
    await page.getByRole('main').getByRole('link', { name: 'App registrations' }).first().click();
    await page.getByRole('link', { name: 'New registration' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByText('Help me choose...').click();
    await page.getByRole('radio', { name: /Contoso only - Single tenant/ }).check();
    await page.getByRole('combobox', { name: 'Platform' }).selectOption('Web');
    await page.getByRole('textbox', { name: 'Redirect URI' }).fill(redirectUri);
    await page.getByRole('button', { name: 'Register' }).click();

    const copy = async (what: string): Promise<string> => {
      await page.getByRole('button', { name: `Copy ${what}` }).click();
      await expect(page.getByRole('status').filter({ hasText: `${what} copied` })).toBeAttached();
      return page.evaluate('navigator.clipboard.readText()');
    };
    const clientId = await copy('Application (client) ID');
    const tenantId = await copy('Directory (tenant) ID');

    await page.getByRole('link', { name: 'View API permissions' }).click();
    await page.getByRole('link', { name: 'Add a permission' }).click();
    await page.getByRole('link', { name: 'Dynamics CRM' }).click();
    await page.getByRole('checkbox', { name: 'Select all delegated permissions' }).check();
    await expect(page.getByRole('checkbox', { name: 'user_impersonation' })).toBeChecked();
    await page.getByRole('radio', { name: 'Application permissions' }).check();
    await expect(page.getByText('This API offers no application permissions.')).toBeVisible();
    await page.getByRole('button', { name: 'Add permissions' }).click();
    await expect(page.getByText('Not granted for Contoso')).toHaveCount(2);
    await page.getByRole('link', { name: 'Grant admin consent for Contoso' }).click();
    await page.getByRole('button', { name: 'Yes' }).click();
    await expect(page.getByText(/^Granted for Contoso/)).toHaveCount(2);

    await page.getByRole('link', { name: 'Certificates & secrets' }).click();
    await page.getByRole('link', { name: 'New client secret' }).click();
    await page.getByRole('textbox', { name: 'Description' }).fill('integration');
    await page.getByRole('radio', { name: '365 days (12 months)' }).check();
    await page.getByRole('button', { name: 'Add' }).click();
    const clientSecret = await copy('Value');
    await page.reload();
    await expect(page.getByText(clientSecret)).toHaveCount(0);
    return { clientId, tenantId, clientSecret };
  }

  /** Step 10: the address of the article in the browser of another person, and the code out of the address bar. */
  async function fetchCode({ clientId, tenantId }: Noted): Promise<string> {
    const page = await openPage(browser);
    // Nothing listens there; the address is all that is needed.
    const sentBack = page.waitForRequest((request) => request.url().startsWith(redirectUri));
    const parameters = new URLSearchParams({
      response_type: 'code',
      prompt: 'login',
      redirect_uri: redirectUri,
      client_id: clientId,
      resource: cloud.crm.http,
    });
    await page.goto(`${cloud.entra.http}/${tenantId}/oauth2/authorize?${parameters.toString()}`);
    await signInInBrowser(page, seededUsers.salesperson);
    return new URL((await sentBack).url()).searchParams.get('code') ?? '';
  }
});
