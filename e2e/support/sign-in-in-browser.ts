import { seededPassword } from '@latchkey/cloud';
import type { Page } from '@playwright/test';

/** Types name and password into Microsoft's sign-in pages, by the real pages' element ids, as a person does. */
export async function signInInBrowser(page: Page, userName: string): Promise<void> {
  await page.locator('#i0116').fill(userName);
  await page.locator('#idSIButton9').click();
  await page.locator('#i0118').fill(seededPassword);
  await page.locator('#idSIButton9').click();
}

/** Accepts "Permissions requested". */
export async function acceptPermissions(page: Page): Promise<void> {
  await page.getByText('Permissions requested').first().waitFor();
  await page.locator('#idSIButton9').click();
}
