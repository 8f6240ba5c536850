import { expect as playwrightExpect } from '@playwright/test';

const patienceMilliseconds = 20_000;

/** Playwright's `expect`, whose assertions about a page wait: long enough for a machine that has other things to do. */
export const expect = playwrightExpect.configure({ timeout: patienceMilliseconds });
