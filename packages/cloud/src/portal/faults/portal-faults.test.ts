import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
});

afterEach(() => portal.close());

it.each([
  [{ kind: 'latency', number: '250' }, { effect: { kind: 'latency', milliseconds: 250 } }],
  [
    { kind: 'throttle', number: '7', service: 'crm', path: '/api/*', times: '3' },
    { service: 'crm', path: '/api/*', times: 3, effect: { kind: 'throttle', retryAfterSeconds: 7 } },
  ],
  [
    { kind: 'server_error', number: '503', client: 'some-app' },
    { clientId: 'some-app', effect: { kind: 'server_error', status: 503 } },
  ],
  [{ kind: 'drop_connection', number: '5' }, { effect: { kind: 'drop_connection' } }],
])('causes a fault by the form: %j', async (fields, rule) => {
  await browser.send('/faults', '/faults', fields);
  expect(portal.context.faults.list()).toMatchObject([{ rule }]);
});

it('removes a fault', async () => {
  await browser.send('/faults', '/faults', { kind: 'cut_body' });
  const fault = portal.context.faults.list()[0]?.id ?? '';
  await browser.send('/faults', '/faults/remove', { fault });
  expect(portal.context.faults.list()).toEqual([]);
});

it('shows why a fault is refused', async () => {
  const shown = await browser.send('/faults', '/faults', {
    kind: 'server_error',
    number: '200',
    path: '"<b>',
  });
  expect(shown.html).toContain('role="alert"');
  expect(shown.html).toContain('value="&quot;&lt;b&gt;"');
});

it('lets administrators alone cause faults', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const { html } = await salesperson.open('/faults');
  expect(html).toContain('Only a Global Administrator can cause faults');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec(html) ?? [];
  const refused = await salesperson.post('/faults', { form_token: token, kind: 'cut_body' });
  expect(refused.status).toBe(403);
});
