import type { LocalCloud, Seed } from '@latchkey/cloud';
import type { Browser, Page } from '@playwright/test';

type SeedApplication = NonNullable<NonNullable<Seed['tenants']>[number]['applications']>[number];

const patienceMilliseconds = 30_000;

/** Contoso with one single page app, which people needn't consent to. */
export function singlePageSeed(
  app: Required<Pick<SeedApplication, 'appId' | 'grants'>> & { redirectUris: string[] },
): Seed {
  const { redirectUris, ...facts } = app;
  const application = { displayName: 'Single page', redirectUris: { spa: redirectUris }, ...facts };
  return {
    tenants: [{ displayName: 'Contoso', domains: ['contoso.onmicrosoft.com'], applications: [application] }],
  };
}

/** Opens an address in a browser that has the local cloud's CONNECT proxy and trusts its authority. */
export async function openBehindProxy(
  browser: Browser,
  cloud: Pick<LocalCloud, 'proxy'>,
  address: string,
): Promise<Page> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    proxy: { server: cloud.proxy, bypass: 'localhost' },
  });
  context.setDefaultTimeout(patienceMilliseconds);
  const page = await context.newPage();
  await page.goto(address);
  return page;
}
