import type { Browser, Page } from '@playwright/test';

/** Viewports that every page has to look and work well in. */
export const viewports = {
  wide: { width: 1280, height: 900 },
  narrow: { width: 390, height: 844 },
} as const;

const patienceMilliseconds = 30_000;

/** Opens a page in a browser profile of its own: another person, or the same one elsewhere. */
export async function openPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({
    viewport: viewports.wide,
    colorScheme: 'light',
    // Nothing moves, so that nothing is looked at halfway.
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(patienceMilliseconds);
  return context.newPage();
}
