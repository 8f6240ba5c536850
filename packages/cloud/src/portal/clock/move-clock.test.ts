import { afterEach, expect, it } from 'vitest';
import { openTestPortal, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;

afterEach(() => portal.close());

it('moves the time of the cloud', async () => {
  portal = await openTestPortal({ isClockMovable: true });
  const browser = await portal.signIn();
  const before = portal.clock.now();
  expect((await browser.open('/')).html).toContain('href="/clock"');
  expect((await browser.send('/clock', '/clock', { amount: '2', unit: 'hours' })).html).toContain(
    'was moved',
  );
  expect(portal.clock.now() - before).toBeGreaterThanOrEqual(7_200_000);
});

it.each([
  { amount: '0', unit: 'hours' },
  { amount: '1.5', unit: 'hours' },
  { amount: '1e9', unit: 'days' },
  { amount: 'many', unit: 'hours' },
  { amount: '1', unit: 'centuries' },
])('refuses to move it by %j', async (fields) => {
  portal = await openTestPortal({ isClockMovable: true });
  const browser = await portal.signIn();
  expect((await browser.send('/clock', '/clock', fields)).html).toContain('role="alert"');
});

it('has no page for a clock that nobody may move', async () => {
  portal = await openTestPortal();
  const browser = await portal.signIn();
  expect((await browser.open('/')).html).not.toContain('href="/clock"');
  expect((await browser.open('/clock')).status).toBe(404);
});
