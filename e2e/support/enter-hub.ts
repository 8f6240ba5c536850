import type { RunningHub } from '@latchkey/hub';
import type { Page } from '@playwright/test';
import { expect } from './expect.ts';

/** Enters the UI by a fresh one-time link, as the start prints it. */
export async function enterHub(page: Page, hub: RunningHub): Promise<void> {
  await page.goto(await hub.entryLink());
  await expect(page.getByRole('heading', { level: 1, name: 'Connections' })).toBeVisible();
}
