import { afterEach, beforeEach, expect, it } from 'vitest';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { createTenant } from '../../directory/tenants.ts';
import { openTestPortal, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
const fabrikam = 'f0000000-0000-4000-8000-000000000001';

const signedPart = (claims: object) =>
  Buffer.from(
    [{ alg: 'RS256', kid: 'a-key' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.'),
  );

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
    tokens: [
      { kind: 'access_token', signedPart: signedPart({ upn: 'megan@contoso.com', scp: '<b>User.Read</b>' }) },
    ],
  });
  signIns.write({
    ...common,
    clientId: 'unknown-app',
    user: 'alex@contoso.com',
    grant: 'refresh_token',
    outcome: 'refused',
    aadstsCode: 700082,
    tokens: [],
  });
});

afterEach(() => portal.close());

it('shows each request with its outcome, its code and the claims of its token', async () => {
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

it.each(['alex', 'unknown-app', 'AADSTS700082', '700082'])('finds by %s', async (search) => {
  const { html } = await (await portal.signIn()).open(`/sign-ins?search=${search}`);
  expect(html).toContain('alex@contoso.com');
  expect(html).not.toContain('megan@contoso.com');
});

it('shows the log to administrators alone', async () => {
  const { html } = await (await portal.signIn(seededUsers.salesperson)).open('/sign-ins');
  expect(html).not.toContain('megan@contoso.com');
  expect(html).toContain('Only a Global Administrator can read');
});

it.each([
  ['status=succeeded', 'megan', 'alex'],
  ['status=refused', 'alex', 'megan'],
  ['request=authorize', 'The latest requests', 'megan'],
  ['request=token&status=refused', 'alex', 'megan'],
])('narrows the log by %s', async (query, shown, hidden) => {
  const { html } = await (await portal.signIn()).open(`/sign-ins?${query}`);
  expect(html).toContain(shown);
  expect(html).not.toContain(`${hidden}@contoso.com`);
});

it('says what an AADSTS code means and what to do', async () => {
  const { html } = await (await portal.signIn()).open('/sign-ins?search=700082');
  expect(html).toContain('<summary>AADSTS700082</summary>');
  expect(html).toMatch(/refresh token/i);
});

it('shows each issued token with its header and claims, for whom and for what', async () => {
  const administrator = await portal.signIn();
  const { html } = await administrator.open('/tokens?search=megan');
  for (const shown of ['megan@contoso.com', 'Azure Portal', '&lt;b&gt;User.Read&lt;/b&gt;', 'a-key']) {
    expect(html).toContain(shown);
  }
  // The administrator's own sign-in to the portal: a real one, from end to end.
  const own = await administrator.open('/tokens?search=admin&kind=access_token');
  for (const shown of ['https://graph.microsoft.com', 'Directory.AccessAsUser.All', '&quot;kid&quot;']) {
    expect(own.html).toContain(shown);
  }
  expect((await (await portal.signIn(seededUsers.salesperson)).open('/tokens')).html).toContain(
    'Only a Global Administrator can read',
  );
});

it('keeps what happened in another directory from an administrator', async () => {
  const { signIns, clock, directory } = portal.context;
  createTenant(directory, { id: fabrikam, displayName: 'Fabrikam', domains: ['fabrikam.com'], createdAt: 0 });
  const common = { time: clock.now(), endpoint: 'token', version: 2, clientId: 'app', grant: null } as const;
  const outcome = { outcome: 'succeeded', aadstsCode: null } as const;
  signIns.write({ ...common, ...outcome, tenant: 'fabrikam.com', user: 'one@fabrikam.com', tokens: [] });
  const theirs = signedPart({ tid: fabrikam, upn: 'two@fabrikam.com' });
  signIns.write({
    ...common,
    ...outcome,
    tenant: 'common',
    user: null,
    tokens: [{ kind: 'access_token', signedPart: theirs }],
  });
  const administrator = await portal.signIn();
  for (const page of ['/sign-ins', '/tokens']) {
    expect((await administrator.open(page)).html).not.toContain('@fabrikam.com');
  }
});
