import { type LocalCloud, seededUsers } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { findFreePort } from './free-ports.ts';
import { openPage } from './open-page.ts';
import { type RegisteredApp, registerApp } from './register-app.ts';
import { acceptPermissions, signInInBrowser } from './sign-in-in-browser.ts';

/** What a REST client shows after the two steps. */
export interface TokensByHand {
  app: RegisteredApp;
  /** The v1 token endpoint that gave them. */
  tokenUrl: string;
  /** The answer as it came: v1 writes numbers as strings. */
  answer: Record<string, string>;
}

/**
 * Fetches tokens as the old instructions say: the authorize URL in a browser, the code out of the address bar of a
 * page that can't be loaded, then a form posted to the token endpoint.
 */
export async function fetchTokensByHand(cloud: LocalCloud, browser: Browser): Promise<TokensByHand> {
  const redirectUri = `http://localhost:${await findFreePort()}/callback`;
  const app = await registerApp(cloud, { redirectUris: [redirectUri] });
  const oauth = `${cloud.entra.http}/${app.tenantId}/oauth2`;
  const authorize = new URLSearchParams({
    response_type: 'code',
    prompt: 'login',
    redirect_uri: redirectUri,
    client_id: app.clientId,
  });
  const page = await openPage(browser);
  await page.goto(`${oauth}/authorize?${authorize.toString()}`);
  await signInInBrowser(page, seededUsers.salesperson);
  await acceptPermissions(page);
  const code = (await readAddressBar(page)).searchParams.get('code') ?? '';
  await page.context().close();

  const tokenUrl = `${oauth}/token`;
  const response = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: app.clientId,
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      resource: cloud.crm.http,
      client_secret: app.clientSecret,
    }),
  });
  const answer = (await response.json()) as Record<string, string>;
  if (!response.ok)
    throw new Error(`The token endpoint answered ${response.status}: ${answer.error_description}`);
  return { app, tokenUrl, answer };
}

/** Playwright tells the address of Chromium's own error page; the address bar shows the one that failed. */
async function readAddressBar(page: Page): Promise<URL> {
  await page.waitForURL(/^chrome-error:/);
  const session = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await session.send('Page.getNavigationHistory');
  return new URL(entries[currentIndex]?.url ?? '');
}
