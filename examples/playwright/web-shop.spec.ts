import path from 'node:path';
import { startLocalCloud } from '@latchkey/cloud';
import { signIn } from '@latchkey/cloud/playwright';
import { expect, test } from '@playwright/test';
import { startWebShop } from '../app/web-shop.mjs';

const ada = { userPrincipalName: 'ada@fabrikam.onmicrosoft.com', password: 'Enchantress1' };

test('greets who signed in', async ({ page }) => {
  const cloud = await startLocalCloud({ seed: path.join(import.meta.dirname, '../app/orders.seed.yaml') });
  const shop = await startWebShop({
    authority: `${cloud.entra.http}/fabrikam.onmicrosoft.com`,
    clientId: '7a1c0000-0000-4000-8000-0000000000d1',
    clientSecret: 'a-secret-for-tests-only',
  });
  await page.goto(shop.address);
  await signIn(page, ada);
  await expect(page.getByRole('heading')).toHaveText('Welcome, Ada Lovelace');
  shop.close();
  await cloud.close();
});
