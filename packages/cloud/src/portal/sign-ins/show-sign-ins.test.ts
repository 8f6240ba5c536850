import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { openTestPortal, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;

beforeEach(async () => {
  portal = await openTestPortal();
  const { signIns, clock } = portal.context;
  const common = { time: clock.now(), endpoint: 'token', version: 2, tenant: portal.tenant.id } as const;
  signIns.write({
    ...common,
    clientId: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
    user: null,
    grant: 'authorization_code',
    outcome: 'succeeded',
    aadstsCode: null,
    tokenPayload: Buffer.from(JSON.stringify({ upn: 'megan@contoso.com', scp: '<b>User.Read</b>' })),
  });
  signIns.write({
    ...common,
    clientId: 'unknown-app',
    user: 'alex@contoso.com',
    grant: 'refresh_token',
    outcome: 'refused',
    aadstsCode: 700082,
    tokenPayload: null,
  });
});

afterEach(() => portal.close());

test('shows each request with its outcome, its code and the claims of its token', async () => {
  const { html } = await (await portal.signIn()).open('/sign-ins');
  for (const shown of [
    'Azure Portal',
    'megan@contoso.com',
    'Success',
    'AADSTS700082',
    'token v2 refresh_token',
  ]) {
    expect(html).toContain(shown);
  }
  expect(html).toContain('&lt;b&gt;User.Read&lt;/b&gt;');
});

test.each(['alex', 'unknown-app', 'AADSTS700082', '700082'])('finds by %s', async (search) => {
  const { html } = await (await portal.signIn()).open(`/sign-ins?search=${search}`);
  expect(html).toContain('alex@contoso.com');
  expect(html).not.toContain('megan@contoso.com');
});

test('shows the log to administrators alone', async () => {
  const { html } = await (await portal.signIn(seededUsers.salesperson)).open('/sign-ins');
  expect(html).not.toContain('megan@contoso.com');
  expect(html).toContain('Only a Global Administrator can read');
});
