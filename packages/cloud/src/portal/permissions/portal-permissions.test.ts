import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findApplication } from '../../directory/applications.ts';
import { listPermissionGrants } from '../../directory/permission-grants.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from '../testing/open-test-portal.ts';

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;
let permissions: string;

beforeEach(async () => {
  portal = await openTestPortal();
  browser = await portal.signIn();
  id = await browser.register();
  permissions = `/app-registrations/${id}/permissions`;
});

afterEach(() => portal.close());

const crm = wellKnownIds.dynamicsCrm;
const crmScope = wellKnownScopes.dynamicsCrm.user_impersonation.id;
const addPage = (resource: string) => `${permissions}/add/${resource}`;
const add = (resource: string, fields: Record<string, string>, by = browser) =>
  by.send(addPage(resource), addPage(resource), fields);
const asked = () =>
  findApplication(portal.context.directory, portal.tenant.id, id)?.document.requiredResourceAccess;

test('offers Dynamics CRM under both names, with no application permissions', async () => {
  const microsoft = await browser.open(`${permissions}/add`);
  expect(microsoft.html).toContain('Dynamics CRM');
  expect(microsoft.html).toContain('Microsoft Graph');
  const organization = await browser.open(`${permissions}/add?apis=organization`);
  expect(organization.html).toContain('Common Data Service');
  const { html } = await browser.open(addPage(crm));
  expect(html).toContain('user_impersonation');
  expect(html).toContain('This API offers no application permissions.');
});

test('adds chosen permissions, and all of a kind by "Select all"', async () => {
  const shown = await add(crm, { [`Scope:${crmScope}`]: 'on' });
  expect(shown.html).toContain('The permissions were added');
  expect(asked()).toContainEqual({ resourceAppId: crm, resourceAccess: [{ id: crmScope, type: 'Scope' }] });
  await add(wellKnownIds.microsoftGraph, { 'Role:all': 'on' });
  const graph = asked()?.find((entry) => entry.resourceAppId === wellKnownIds.microsoftGraph);
  expect(graph?.resourceAccess.filter(({ type }) => type === 'Role').length).toBeGreaterThan(4);
  expect(graph?.resourceAccess.filter(({ type }) => type === 'Scope')).toHaveLength(1);
  expect((await add(crm, {})).html).toContain('Select at least one permission');
});

test('grants what is listed for the whole directory', async () => {
  await add(crm, { 'Scope:all': 'on' });
  expect((await browser.open(permissions)).html).toContain('Not granted for Contoso');
  const consent = `${permissions}/consent`;
  const granted = await browser.send(consent, consent);
  expect(granted.html).toContain('Successfully granted admin consent');
  expect(granted.html).toContain('>Granted for Contoso');
  expect(granted.html).not.toContain('Not granted for Contoso');
  expect(listPermissionGrants(portal.context.directory, portal.tenant.id)).toContainEqual(
    expect.objectContaining({ consentType: 'AllPrincipals', scope: 'user_impersonation' }),
  );
});

test('tells a member why they can not grant, and refuses when they try', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  id = await salesperson.register();
  permissions = `/app-registrations/${id}/permissions`;
  expect((await add(crm, { 'Scope:all': 'on' }, salesperson)).html).toContain(
    'Only administrators can grant admin consent, and sales@contoso.onmicrosoft.com is none.',
  );
  const consent = `${permissions}/consent`;
  expect((await salesperson.send(consent, consent)).html).toContain('Insufficient privileges');
  expect(listPermissionGrants(portal.context.directory, portal.tenant.id)).toEqual([]);
});

test('removes a permission, and shows one that its API does not offer', async () => {
  await add(crm, { 'Scope:all': 'on' });
  const fields = { resource: crm, permission: crmScope };
  const shown = await browser.send(permissions, `${permissions}/remove`, fields);
  expect(shown.html).toContain('removed from the list');
  expect(asked()?.map((entry) => entry.resourceAppId)).toEqual([wellKnownIds.microsoftGraph]);
  const unknown = {
    requiredResourceAccess: [
      {
        resourceAppId: '11111111-1111-4111-8111-111111111111',
        resourceAccess: [{ id: crmScope, type: 'Scope' }],
      },
    ],
  };
  const manifest = `/app-registrations/${id}/manifest`;
  await browser.send(manifest, manifest, { manifest: JSON.stringify(unknown) });
  expect((await browser.open(permissions)).html).toContain('Unknown permission');
  const consent = `${permissions}/consent`;
  expect((await browser.send(consent, consent)).html).toContain('role="alert"');
});

test('has no page for an API that is not there', async () => {
  expect((await browser.open(addPage('11111111-1111-4111-8111-111111111111'))).status).toBe(404);
});
