import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './expect.ts';
import { viewports } from './open-page.ts';

/**
 * Looks at a page wide and narrow: nothing that axe finds, nothing wider than the window. Keeps a picture of each in
 * the folder that LATCHKEY_SCREENSHOTS names, if it does.
 *
 * @param name of the pictures
 */
export async function inspectPage(page: Page, name: string): Promise<void> {
  for (const [width, viewport] of Object.entries(viewports)) {
    await page.setViewportSize(viewport);
    // Grey blocks stand in for what is still on its way.
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0);
    await expect
      .poll(() => overflowOf(page), { message: `${name} is wider than the window, ${width}` })
      .toBeLessThanOrEqual(0);
    // Looked at again if it finds anything: a colour on its way to another is none that anybody chose.
    await expect.poll(() => violationsOf(page), { message: `axe on ${name}, ${width}` }).toEqual([]);
    await keepPicture(page, `${name}-${width}`);
  }
  await page.setViewportSize(viewports.wide);
}

function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`);
}

async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.LATCHKEY_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}
