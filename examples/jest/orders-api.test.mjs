import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalCloud } from '@latchkey/cloud';
import { startOrdersApi } from '../app/orders-api.mjs';

const orders = '7a1c0000-0000-4000-8000-0000000000c1';
let cloud;
let api;

beforeAll(async () => {
  cloud = await startLocalCloud({ seed: path.join(import.meta.dirname, '../app/orders.seed.yaml') });
  const authority = `${cloud.entra.http}/fabrikam.onmicrosoft.com/v2.0`;
  api = await startOrdersApi({ authority, audience: orders });
});

afterAll(async () => {
  api.close();
  await cloud.close();
});

test('shows orders to a person whose app may read them', async () => {
  const token = await cloud.issueToken({ user: 'ada@fabrikam.onmicrosoft.com', resource: orders });
  const answer = await fetch(api.address, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ reader: 'Ada Lovelace' });
});

test('refuses who brings no token', async () => {
  expect((await fetch(api.address)).status).toBe(401);
});
