import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { findApplication } from '../../directory/applications.ts';
import { createPermissionGrant, listPermissionGrants } from '../../directory/permission-grants.ts';
import { seededUsers } from '../../directory/seed-contoso.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { findUserByName } from '../../directory/users.ts';
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

it('offers Dynamics CRM under both names, with no application permissions', async () => {
  const microsoft = await browser.open(`${permissions}/add`);
  expect(microsoft.html).toContain('Dynamics CRM');
  expect(microsoft.html).toContain('Microsoft Graph');
  expect(microsoft.html).toContain('Office 365 SharePoint Online');
  const organization = await browser.open(`${permissions}/add?apis=organization`);
  expect(organization.html).toContain('Common Data Service');
  const { html } = await browser.open(addPage(crm));
  expect(html).toContain('user_impersonation');
  expect(html).toContain('This API offers no application permissions.');
});

it('names the application on the way to an API, too', async () => {
  const { displayName } = findApplication(portal.context.directory, portal.tenant.id, id) ?? {};
  for (const page of [`${permissions}/add`, addPage(crm)]) {
    const trail = /aria-label="Breadcrumb">(.*?)<\/nav>/s.exec((await browser.open(page)).html)?.[1];
    expect(trail).toContain(`<a href="${permissions}">${displayName}</a>`);
  }
});

it('adds chosen permissions, and all of a kind by "Select all"', async () => {
  const shown = await add(crm, { [`Scope:${crmScope}`]: 'on' });
  expect(shown.html).toContain('The permissions were added');
  expect(asked()).toContainEqual({ resourceAppId: crm, resourceAccess: [{ id: crmScope, type: 'Scope' }] });
  await add(wellKnownIds.microsoftGraph, { 'Role:all': 'on', search: 'Directory' });
  const graph = asked()?.find((entry) => entry.resourceAppId === wellKnownIds.microsoftGraph);
  expect(graph?.resourceAccess.filter(({ type }) => type === 'Role').length).toBeGreaterThan(4);
  expect(graph?.resourceAccess.filter(({ type }) => type === 'Scope')).toHaveLength(1);
  expect((await add(crm, {})).html).toContain('Select at least one permission');
});

it('offers every permission of Microsoft Graph, folded up, and finds them by words', async () => {
  const page = addPage(wellKnownIds.microsoftGraph);
  const boxes = (html: string, type: string) =>
    html.match(new RegExp(`name="${type}:[0-9a-f-]{36}"`, 'g')) ?? [];
  const all = await browser.open(page);
  expect([boxes(all.html, 'Scope').length, boxes(all.html, 'Role').length]).toEqual([598, 534]);
  expect(all.html).not.toContain('Select all');
  expect(all.html).toContain('<summary>Sites</summary>');
  expect(all.html).toContain('<details open><summary>User (1)</summary>');
  const found = await browser.open(`${page}?search=mail+READ+shared`);
  expect(boxes(found.html, 'Scope')).toHaveLength(3);
  expect(found.html).toContain('Mail.ReadWrite.Shared');
  expect(found.html).toContain(
    'Read and write mail (shared). Read and write mail (shared) on behalf of the signed-in user. Admin consent required: No.',
  );
  const forAdministrators = await browser.open(`${page}?search=sites.fullcontrol`);
  expect(forAdministrators.html).toContain('Admin consent required: Yes.');
  expect(forAdministrators.html).not.toContain('Admin consent required: No.');
  expect(found.html).toContain('Select all delegated permissions');
  expect(found.html).toContain('No application permissions are called &quot;mail READ shared&quot;.');
  const shown = await add(wellKnownIds.microsoftGraph, { 'Scope:all': 'on', search: 'mail READ shared' });
  expect(shown.html).toContain('Mail.Read.Shared');
  const graph = asked()?.find((entry) => entry.resourceAppId === wellKnownIds.microsoftGraph);
  expect(graph?.resourceAccess).toHaveLength(4);
});

it('keeps the search where nothing was ticked', async () => {
  const { html } = await add(wellKnownIds.microsoftGraph, { search: 'mail' });
  expect(html).toContain('Select at least one permission');
  expect(html).toContain('placeholder="Start typing a permission to filter these results"');
  expect(html).toContain('value="mail"');
  expect(html).not.toContain('Calendars.Read');
});

it('grants what is listed for the whole directory', async () => {
  await add(crm, { 'Scope:all': 'on' });
  expect((await browser.open(permissions)).html).toContain('Not granted for Contoso');
  const granted = await browser.send(consent(), consent());
  expect(granted.html).toContain('Successfully granted admin consent');
  expect(granted.html).toContain('>Granted for Contoso');
  expect(granted.html).not.toContain('Not granted for Contoso');
  expect(listPermissionGrants(portal.context.directory, portal.tenant.id)).toContainEqual(
    expect.objectContaining({ consentType: 'AllPrincipals', scope: 'user_impersonation' }),
  );
});

it('tells a member why they can not grant, and refuses when they try', async () => {
  const salesperson = await portal.signIn(seededUsers.salesperson);
  id = await salesperson.register();
  permissions = `/app-registrations/${id}/permissions`;
  expect((await add(crm, { 'Scope:all': 'on' }, salesperson)).html).toContain(
    'Only administrators can grant admin consent, and sales@contoso.onmicrosoft.com is none.',
  );
  expect((await salesperson.send(consent(), consent())).html).toContain('Insufficient privileges');
  expect(listPermissionGrants(portal.context.directory, portal.tenant.id)).toEqual([]);
});

it('removes a permission, and shows one that its API does not offer', async () => {
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
  expect((await browser.send(consent(), consent())).html).toContain('role="alert"');
});

it('has no page for an API that is not there', async () => {
  expect((await browser.open(addPage('11111111-1111-4111-8111-111111111111'))).status).toBe(404);
});

const consent = () => `${permissions}/consent`;
const grants = () =>
  listPermissionGrants(portal.context.directory, portal.tenant.id)
    .filter(({ consentType }) => consentType === 'AllPrincipals')
    .map(({ scope }) => scope);
const userRead = wellKnownScopes.microsoftGraph['User.Read'].id;
/** Grants Dynamics CRM and User.Read, then asks for User.Read no more. */
async function leaveOther() {
  await add(crm, { 'Scope:all': 'on' });
  await browser.send(consent(), consent());
  return browser.send(permissions, `${permissions}/remove`, {
    resource: wellKnownIds.microsoftGraph,
    permission: userRead,
  });
}

it('shows what is granted and no longer asked for, and adds it to the list again', async () => {
  const { html } = await leaveOther();
  expect(html).toContain('Other permissions granted for Contoso');
  const shown = await browser.send(permissions, addPage(wellKnownIds.microsoftGraph), {
    [`Scope:${userRead}`]: 'on',
  });
  expect(shown.html).not.toContain('Other permissions granted for Contoso');
  expect(asked()).toHaveLength(2);
});

it.each([
  ['keep', ['User.Read', 'user_impersonation'], 2],
  ['remove', ['user_impersonation'], 1],
])('asks what of the other grants, and does as told: %s', async (others, scopes, entries) => {
  await leaveOther();
  expect((await browser.open(consent())).html).toContain('No, remove other granted permissions');
  await browser.send(consent(), consent(), { others });
  expect(grants().toSorted()).toEqual(scopes);
  expect(asked()).toHaveLength(entries);
});

it('withdraws application permissions, too, that are no longer asked for', async () => {
  await add(wellKnownIds.microsoftGraph, { 'Role:all': 'on', search: 'User.Read' });
  await browser.send(consent(), consent());
  const { directory } = portal.context;
  const application = findApplication(directory, portal.tenant.id, id);
  const client = findServicePrincipalByAppId(directory, portal.tenant.id, application?.appId ?? '');
  const held = () => listAppRoleAssignments(directory, client?.id ?? '').map(({ appRoleId }) => appRoleId);
  const [removed = '', ...kept] = held();
  await browser.send(permissions, `${permissions}/remove`, {
    resource: wellKnownIds.microsoftGraph,
    permission: removed,
  });
  await browser.send(consent(), consent(), { others: 'remove' });
  expect(held().toSorted()).toEqual(kept.toSorted());
});

it('revokes the consent to one permission, and leaves the others', async () => {
  await add(crm, { 'Scope:all': 'on' });
  await browser.send(consent(), consent());
  const fields = { resource: crm, value: 'user_impersonation', type: 'Delegated' };
  const { html } = await browser.send(permissions, `${permissions}/revoke`, fields);
  expect(html).toContain('was taken back');
  expect(html).toContain('Not granted for Contoso');
  expect(grants()).toEqual(['User.Read']);
  const salesperson = await portal.signIn(seededUsers.salesperson);
  const [, token = ''] = /name="form_token" value="([^"]*)"/.exec((await salesperson.open('/')).html) ?? [];
  const refused = await salesperson.post(`${permissions}/revoke`, {
    form_token: token,
    resource: wellKnownIds.microsoftGraph,
    value: 'User.Read',
    type: 'Delegated',
  });
  expect(refused.html).toContain('Insufficient privileges');
  expect(grants()).toEqual(['User.Read']);
});

it('shows for how many people a permission was granted by themselves', async () => {
  const { directory } = portal.context;
  const application = findApplication(directory, portal.tenant.id, id);
  const client = findServicePrincipalByAppId(directory, portal.tenant.id, application?.appId ?? '');
  const graph = findServicePrincipalByAppId(directory, portal.tenant.id, wellKnownIds.microsoftGraph);
  for (const [index, name] of [seededUsers.salesperson, seededUsers.withoutLicence].entries()) {
    createPermissionGrant(directory, {
      tenantId: portal.tenant.id,
      clientId: client?.id ?? '',
      resourceId: graph?.id ?? '',
      consentType: 'Principal',
      principalId: findUserByName(directory, name)?.id ?? '',
      scope: 'User.Read openid',
    });
    const { html } = await browser.open(permissions);
    expect(html).toContain(`Granted for ${index + 1} ${index === 0 ? 'user<' : 'users<'}`);
    expect(html).not.toContain('Other permissions granted');
  }
});

it.each([
  ['dataverse', true],
  ['common data', true],
  [crm, true],
  ['sharepoint', false],
])('finds an API of the organization by %s: %s', async (search, isFound) => {
  const page = `${permissions}/add?apis=organization&search=${encodeURIComponent(search)}`;
  expect((await browser.open(page)).html.includes(`href="${addPage(crm)}"`)).toBe(isFound);
});

it('offers what the own applications expose, under "My APIs"', async () => {
  expect((await browser.open(`${permissions}/add?apis=mine`)).html).toContain(
    'No application of yours offers',
  );
  const api = await browser.register({ name: 'Files' });
  await browser.send(`/app-registrations/${api}/app-roles/new`, `/app-registrations/${api}/app-roles/new`, {
    name: 'Readers',
    value: 'Files.Read.All',
    description: 'Read all files.',
    members: 'applications',
    enabled: 'on',
  });
  const { appId = '' } = findApplication(portal.context.directory, portal.tenant.id, api) ?? {};
  expect((await browser.open(`${permissions}/add?apis=mine`)).html).toContain(addPage(appId));
  expect((await add(appId, { 'Role:all': 'on' })).html).toContain('Files.Read.All');
});
