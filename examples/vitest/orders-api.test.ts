import path from 'node:path';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrdersApi } from '../app/orders-api.mjs';

const orders = '7a1c0000-0000-4000-8000-0000000000c1';
const user = 'ada@fabrikam.onmicrosoft.com';
let cloud: LocalCloud;
let api: Awaited<ReturnType<typeof startOrdersApi>>;

beforeAll(async () => {
  cloud = await startLocalCloud({ seed: path.join(import.meta.dirname, '../app/orders.seed.yaml') });
  api = await startOrdersApi({
    authority: `${cloud.entra.http}/fabrikam.onmicrosoft.com/v2.0`,
    audience: orders,
  });
});

afterAll(async () => {
  api.close();
  await cloud.close();
});

const readOrders = (token: string) => fetch(api.address, { headers: { authorization: `Bearer ${token}` } });

it('shows orders to a person whose app may read them', async () => {
  const token = await cloud.issueToken({ user, resource: orders, scopes: ['Orders.Read'] });
  const answer = await readOrders(token);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ reader: 'Ada Lovelace' });
});

it('shows nothing to an app that may only write', async () => {
  const token = await cloud.issueToken({ user, resource: orders, scopes: ['Orders.Write'] });
  expect((await readOrders(token)).status).toBe(403);
});

it('refuses a token that has ended', async () => {
  const hours = 60 * 60 * 1000;
  cloud.clock.advance(-3 * hours);
  const token = await cloud.issueToken({ user, resource: orders });
  cloud.clock.advance(3 * hours);
  expect((await readOrders(token)).status).toBe(401);
});

it('refuses a token for another API', async () => {
  const token = await cloud.issueToken({ user, resource: 'https://graph.microsoft.com' });
  expect((await readOrders(token)).status).toBe(401);
});
