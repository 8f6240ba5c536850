import { seededPassword } from '@latchkey/cloud';
import type { Locator, Page } from '@playwright/test';
import { expect } from './expect.ts';

/**
 * Types name and password into Microsoft's sign-in pages, by the real pages' element ids, as a person does, and does
 * not stay signed in.
 */
export async function signInInBrowser(page: Page, userName: string): Promise<void> {
  await page.locator('#i0116').fill(userName);
  await page.locator('#idSIButton9').click();
  await givePassword(page);
}

/** Types the password where the account is known already, and does not stay signed in. */
export async function givePassword(page: Page): Promise<void> {
  await page.locator('#i0118').fill(seededPassword);
  await page.locator('#idSIButton9').click();
  await leaveStaySignedIn(page);
}

/** Answers "Stay signed in?", which follows a password, with no. */
export async function leaveStaySignedIn(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Stay signed in?' }).waitFor();
  await page.getByRole('button', { name: 'No', exact: true }).click();
}

/** Chooses an account on a page that offers several: to go on with, or to sign out of. */
export async function pickAccount(page: Page, userName: string): Promise<void> {
  await page.locator(`[data-test-id="${userName}"] button`).first().click();
}

/** Accepts "Permissions requested". */
export async function acceptPermissions(page: Page): Promise<void> {
  await page.getByText('Permissions requested').first().waitFor();
  await page.locator('#idSIButton9').click();
}

/**
 * Accepts "Permissions requested" unless it was accepted before: a person is asked once for an app.
 *
 * @param next something on the page that follows
 */
export async function acceptPermissionsOnce(page: Page, next: Locator): Promise<void> {
  const asked = page.getByRole('heading', { name: 'Permissions requested' });
  await expect(asked.or(next).first()).toBeVisible();
  if (await asked.isVisible()) await acceptPermissions(page);
  await expect(next).toBeVisible();
}
