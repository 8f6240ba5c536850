import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { createConsentRequest, findConsentRequest } from '../../directory/consent-requests.ts';
import { listPermissionGrants } from '../../directory/permission-grants.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { createTenant } from '../../directory/tenants.ts';
import { findUserByName } from '../../directory/users.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
const requestId = '0f4f1f7a-0000-4000-8000-000000000001';
const page = '/consent-requests';

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
  const { directory } = portal.context;
  const id = await browser.register({ name: 'Wanted' });
  createConsentRequest(directory, {
    id: requestId,
    tenantId: portal.tenant.id,
    appId: findApplication(directory, portal.tenant.id, id)?.appId ?? '',
    userId: findUserByName(directory, seededUsers.salesperson)?.id ?? '',
    reason: 'For the <b>quarter</b>',
    pending: [
      {
        resourceId:
          findServicePrincipalByAppId(directory, portal.tenant.id, wellKnownIds.dynamicsCrm)?.id ?? '',
        scopes: ['user_impersonation'],
      },
    ],
  });
});

afterEach(() => portal.close());

const grants = () =>
  listPermissionGrants(portal.context.directory, portal.tenant.id).map(({ scope }) => scope);
const decisionOf = (id = requestId) => findConsentRequest(portal.context.directory, id)?.decision;

it('shows who asked for what and why, and grants it for everybody', async () => {
  const { html } = await browser.open(page);
  for (const shown of [
    'Wanted',
    seededUsers.salesperson,
    'For the &lt;b&gt;quarter',
    'Dynamics CRM: user_impersonation',
  ]) {
    expect(html).toContain(shown);
  }
  expect((await browser.send(page, `${page}/${requestId}/approve`)).html).toContain('Approved');
  expect(decisionOf()).toBe('Approve');
  expect(grants()).toEqual(['user_impersonation']);
});

it('denies, and what a colleague decided stays decided', async () => {
  await browser.send(page, `${page}/${requestId}/deny`);
  expect(decisionOf()).toBe('Deny');
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec((await browser.open(page)).html) ?? [];
  await browser.post(`${page}/${requestId}/approve`, { form_token: token });
  expect(decisionOf()).toBe('Deny');
  expect(grants()).toEqual([]);
});

it('takes no decision of a member, nor on a request of another directory', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const { html } = await salesperson.open(page);
  expect(html).toContain('Only administrators can review');
  const tokenOf = (text: string) => /name="form_token" value="([^"]*)"/.exec(text)?.[1] ?? '';
  const refused = await salesperson.post(`${page}/${requestId}/approve`, { form_token: tokenOf(html) });
  expect(refused.status).toBe(403);
  const { directory } = portal.context;
  const fabrikam = 'f0000000-0000-4000-8000-000000000001';
  createTenant(directory, { id: fabrikam, displayName: 'Fabrikam', domains: ['fabrikam.com'], createdAt: 0 });
  createConsentRequest(directory, {
    id: fabrikam,
    tenantId: fabrikam,
    appId: fabrikam,
    userId: fabrikam,
    reason: 'theirs',
    pending: [],
  });
  const own = await browser.open(page);
  expect(own.html).not.toContain('theirs');
  const foreign = await browser.post(`${page}/${fabrikam}/approve`, { form_token: tokenOf(own.html) });
  expect(foreign.status).toBe(404);
  expect([decisionOf(), decisionOf(fabrikam)]).toEqual([null, null]);
});
