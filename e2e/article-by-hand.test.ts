import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { enterHub } from './support/enter-hub.ts';
import { expect } from './support/expect.ts';
import { fetchTokensByHand, type TokensByHand } from './support/fetch-tokens-by-hand.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { openPage } from './support/open-page.ts';
import { type Product, startProduct } from './support/start-product.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const callers = 10;
const accountsPath = '/api/data/v9.2/accounts';

describe('the article, by hand', () => {
  let product: Product;
  let browser: Browser;

  beforeAll(async () => {
    [product, browser] = await Promise.all([startProduct(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await product?.close();
  });

  it('gives tokens in the shape of v1', async () => {
    const { app, answer } = await fetchTokensByHand(product.cloud, browser);
    const lifeSeconds = Number(answer.expires_in);
    expect(answer).toMatchObject({
      token_type: 'Bearer',
      scope: 'user_impersonation',
      resource: product.cloud.crm.http,
      expires_in: String(lifeSeconds),
      ext_expires_in: expect.stringMatching(/^\d+$/),
      expires_on: expect.stringMatching(/^\d{10}$/),
      not_before: expect.stringMatching(/^\d{10}$/),
      refresh_token: expect.any(String),
    });
    expect(lifeSeconds).toBeGreaterThan(0);
    const [, payload = ''] = String(answer.access_token).split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      aud: product.cloud.crm.http,
      tid: app.tenantId,
      appid: app.clientId,
      scp: 'user_impersonation',
      ver: '1.0',
    });
  });

  it('makes a connection that outlives its access token by one refresh', async () => {
    const page = await openPage(browser);
    const tokens = await fetchTokensByHand(product.cloud, browser);
    const connectionId = await enterByHand(product, page, tokens);
    const { connections } = product.client;

    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await expect(page.getByText('Test passed')).toBeVisible();
    const first = await connections.token(connectionId);
    expect(first.accessToken).toBe(tokens.answer.access_token);

    product.clock.advance(2 * hour);
    const answers = await Promise.all(
      Array.from({ length: callers }, () => connections.request(connectionId, 'GET', accountsPath)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: callers }, () => 200));
    // Every refresh gives another access token, so one token for all means one refresh.
    const later = await Promise.all(Array.from({ length: callers }, () => connections.token(connectionId)));
    expect(new Set(later.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(later[0]?.accessToken).not.toBe(first.accessToken);
    expect(await connections.get(connectionId)).toMatchObject({
      endpointVersion: 'v1',
      status: { state: 'ready', failure: null },
    });
  });

  it('makes a connection that says after ninety idle days why it needs a sign-in', async () => {
    const page = await openPage(browser);
    const connectionId = await enterByHand(product, page, await fetchTokensByHand(product.cloud, browser));

    product.clock.advance(91 * day);
    await expect(product.client.connections.token(connectionId)).rejects.toMatchObject({
      problem: {
        status: 409,
        code: 'connection_needs_sign_in',
        detail: 'The connection was not used for 90 days, so its refresh token ended.',
        remedy: 'Sign in again to renew the connection.',
        whoActs: 'user',
        remote: { system: 'entra', code: 'AADSTS700082', oauthError: 'invalid_grant' },
      },
    });

    // The session has ended as well.
    await page.reload();
    await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
    await enterHub(page, product.hub);
    await page.goto(`${product.hub.url}/connections/${connectionId}`);
    const status = page.getByRole('region', { name: 'Status' });
    await expect(page.getByText('Needs sign-in')).toBeVisible();
    await expect(status).toContainText('The connection was not used for 90 days');
    await expect(status).toContainText('AADSTS700082');
    await expect(status.getByRole('button', { name: 'Reconnect' })).toBeVisible();
  });
});

/** Types the tokens into the form, as someone does who has them before them. */
async function enterByHand(product: Product, page: Page, tokens: TokensByHand): Promise<string> {
  const { app, answer, tokenUrl } = tokens;
  await enterHub(page, product.hub);
  await page.getByRole('link', { name: 'New connection' }).first().click();
  // The list that is being left may hold a connection of the same name as the provider's link.
  await expect(page.getByRole('heading', { name: 'New connection' })).toBeVisible();
  await page.getByRole('link', { name: 'Microsoft Dynamics 365 CRM' }).click();
  await page.getByRole('textbox', { name: 'Environment address' }).fill(product.cloud.crm.http);
  await page.getByRole('radio', { name: 'or enter the details by hand' }).check();
  const values = {
    'Client id': app.clientId,
    'Client secret': app.clientSecret,
    'Access token': answer.access_token ?? '',
    'Refresh token': answer.refresh_token ?? '',
    'Token URL': tokenUrl,
  };
  for (const [name, value] of Object.entries(values)) await page.getByRole('textbox', { name }).fill(value);
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Microsoft Dynamics 365 CRM' })).toBeVisible();
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}
