import { createMovableClock, type LocalCloud, type Seed, startLocalCloud } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';
import { leaveSpa, type SpaTokens, tokensOnArrival } from './drive-single-page-app.ts';
import { launchBrowser } from './launch-browser.ts';
import { type SinglePageApp, serveSinglePageApp, singlePageRedirectUri } from './serve-single-page-app.ts';
import { signInInBrowser } from './sign-in-in-browser.ts';

/** A page on which the app is open. */
type SpaPage = Page & { app: string };

/** A local cloud with single page apps, and a browser to open them in. */
export interface SinglePageSetting {
  cloud: LocalCloud;
  browser: Browser;
  /** Of the CRM. */
  scopes: string[];
  /** Opens an app in a browser profile of its own, or in another tab of the same. */
  open(options?: { beside?: Page; clientId?: string; tenant?: string }): Promise<SpaPage>;
  signInByRedirect(page: SpaPage, userName: string): Promise<SpaTokens>;
  /** Moves the time of the cloud and of the page together. */
  advance(page: Page, milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export const singlePages = {
  usual: '5fa00000-0000-4000-8000-000000000001',
  registeredAsWeb: '5fa00000-0000-4000-8000-000000000002',
  forEverybody: '5fa00000-0000-4000-8000-000000000004',
} as const;

/** Somebody whom only one test changes. */
export const guardedUser = 'guarded@contoso.onmicrosoft.com';

const patienceMilliseconds = 30_000;
const permissions = [{ api: 'Dynamics CRM', delegated: ['user_impersonation'] }];
const grants = [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }];
const seed: Seed = {
  tenants: [
    {
      displayName: 'Contoso',
      domains: ['contoso.onmicrosoft.com'],
      users: [{ userPrincipalName: guardedUser }],
      applications: [
        {
          displayName: 'Single page',
          appId: singlePages.usual,
          redirectUris: { spa: [singlePageRedirectUri] },
          permissions,
          grants,
        },
        {
          displayName: 'For everybody',
          appId: singlePages.forEverybody,
          redirectUris: { spa: [singlePageRedirectUri] },
          grants: [{ api: 'Microsoft Graph', scopes: ['User.Read'] }],
          manifest: { signInAudience: 'AzureADandPersonalMicrosoftAccount' },
        },
        {
          displayName: 'Registered under the wrong platform',
          appId: singlePages.registeredAsWeb,
          redirectUris: { web: [singlePageRedirectUri] },
          permissions,
          grants,
        },
      ],
    },
  ],
};

export async function openSinglePageSetting(): Promise<SinglePageSetting> {
  const clock = createMovableClock();
  const [cloud, browser] = await Promise.all([startLocalCloud({ clock, seed }), launchBrowser()]);
  const { https } = cloud.entra;
  const scopes = [`${cloud.crm.https}/user_impersonation`];
  const apps: SinglePageApp[] = [];
  return {
    cloud,
    browser,
    scopes,
    async open({ beside, clientId = singlePages.usual, tenant = 'contoso.onmicrosoft.com' } = {}) {
      const app = await serveSinglePageApp({
        clientId,
        authority: `${https}/${tenant}`,
        knownAuthorities: [new URL(https).host],
      });
      apps.push(app);
      // Stands for an authority that the browser was told to trust.
      const context = beside?.context() ?? (await browser.newContext({ ignoreHTTPSErrors: true }));
      context.setDefaultTimeout(patienceMilliseconds);
      const page = await context.newPage();
      await page.goto(app.address);
      return Object.assign(page, { app: app.address });
    },
    async signInByRedirect(page, userName) {
      await leaveSpa(page, 'loginRedirect', { scopes });
      await signInInBrowser(page, userName);
      return tokensOnArrival(page, page.app);
    },
    async advance(page, milliseconds) {
      clock.advance(milliseconds);
      await page.clock.setSystemTime(clock.now());
    },
    async close() {
      for (const app of apps) app.close();
      await browser.close();
      await cloud.close();
    },
  };
}
