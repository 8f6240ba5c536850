import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { openTestPortal, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await openTestPortal();
});

afterEach(() => portal.close());

it('makes a new key that signs, and keeps the one before published', async () => {
  const browser = await portal.signIn();
  const before = portal.context.signingKeys.current.kid;
  const { html } = await browser.send('/signing-keys', '/signing-keys');
  const { current, all } = portal.context.signingKeys;
  expect(current.kid).not.toBe(before);
  expect(all.map(({ kid }) => kid)).toEqual([current.kid, before]);
  for (const shown of ['A new key signs', current.kid, before]) expect(html).toContain(shown);
});

it('lets administrators alone rotate the keys', async () => {
  const browser = await portal.signIn(seededUsers.salesperson);
  const { html } = await browser.open('/signing-keys');
  expect(html).toContain('Only a Global Administrator can rotate');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  expect((await browser.post('/signing-keys', { form_token: token })).status).toBe(403);
});
