import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { type Application, findApplication, updateApplication } from '../directory/applications.ts';
import { addClientSecret } from '../directory/client-secrets.ts';
import { createConsentRequest } from '../directory/consent-requests.ts';
import { createPermissionGrant } from '../directory/permission-grants.ts';
import { seededUsers } from '../directory/seed-contoso.ts';
import { findServicePrincipalByAppId, updateServicePrincipal } from '../directory/service-principals.ts';
import { createTenant } from '../directory/tenants.ts';
import { findUserByName, updateUserProfile } from '../directory/users.ts';
import { openTestPortal, type PortalBrowser, type TestPortal } from './testing/open-test-portal.ts';

const attack = `"'><img src=x onerror=alert(1)></textarea><script>alert(1)</script>`;
const permissionId = '22222222-2222-4222-8222-222222222222';
const uriAttack = `https://example.com/"><script>alert(1)</script>`;

let portal: TestPortal;
let browser: PortalBrowser;
let id: string;

beforeEach(async () => {
  portal = await openTestPortal();
  const { directory, clock } = portal.context;
  const admin = findUserByName(directory, seededUsers.administrator);
  updateUserProfile(directory, admin?.id ?? '', { displayName: attack, jobTitle: attack });
  browser = await portal.signIn();
  id = await browser.register({ name: attack });
  addClientSecret(directory, id, { displayName: attack, startAt: 0, endAt: clock.now() + 1000 });
  const application = findApplication(directory, portal.tenant.id, id);
  if (!application) throw new Error('The application is gone.');
  const { document } = application;
  document.web.redirectUris = [uriAttack];
  document.web.logoutUrl = attack;
  document.web.homePageUrl = attack;
  document.info.termsOfServiceUrl = attack;
  document.notes = attack;
  document.identifierUris = [attack];
  document.groupMembershipClaims = attack;
  document.optionalClaims = { idToken: [{ name: attack }], accessToken: attack, saml2Token: [attack] };
  document.api.oauth2PermissionScopes = [
    {
      id: permissionId,
      value: attack,
      type: 'User',
      isEnabled: true,
      adminConsentDisplayName: attack,
      adminConsentDescription: attack,
      userConsentDisplayName: attack,
      userConsentDescription: attack,
    },
  ];
  document.api.preAuthorizedApplications = [{ appId: attack, delegatedPermissionIds: [attack] }];
  document.appRoles = [
    {
      id: permissionId,
      value: attack,
      displayName: attack,
      description: attack,
      allowedMemberTypes: ['Application'],
      isEnabled: true,
      origin: 'Application',
    },
  ];
  document.keyCredentials = [
    {
      keyId: attack,
      displayName: attack,
      customKeyIdentifier: attack,
      type: 'AsymmetricX509Cert',
      usage: 'Verify',
      startDateTime: '2026-01-01T00:00:00Z',
      endDateTime: '2026-01-01T00:00:00Z',
      key: attack,
    },
  ];
  document.federatedIdentityCredentials = [
    {
      id: permissionId,
      name: attack,
      issuer: attack,
      subject: attack,
      description: attack,
      audiences: [attack],
    },
  ];
  updateApplication(directory, application);
  installWithAttack(application);
  createTenant(directory, { id: attack, displayName: attack, domains: [attack], createdAt: 0 });
});

/** What stands beside the application: what it offers, was granted, asked an administrator for, and got. */
function installWithAttack({ appId, document }: Application): void {
  const { directory, signIns, clock } = portal.context;
  const principal = findServicePrincipalByAppId(directory, portal.tenant.id, appId);
  if (!principal) throw new Error('The service principal is gone.');
  const { api, appRoles } = document;
  updateServicePrincipal(directory, {
    ...principal,
    document: { ...principal.document, oauth2PermissionScopes: api.oauth2PermissionScopes, appRoles },
  });
  createPermissionGrant(directory, {
    tenantId: portal.tenant.id,
    clientId: principal.id,
    resourceId: principal.id,
    consentType: 'AllPrincipals',
    principalId: null,
    scope: attack.replaceAll(' ', '/'),
  });
  createConsentRequest(directory, {
    id: attack,
    tenantId: portal.tenant.id,
    appId,
    userId: attack,
    reason: attack,
    pending: [{ resourceId: principal.id, scopes: [attack] }],
  });
  const part = Buffer.from(
    JSON.stringify({ [attack]: attack, aud: attack, upn: attack, scp: attack, exp: attack }),
  );
  const signedPart = Buffer.from(`${part.toString('base64url')}.${part.toString('base64url')}`);
  signIns.write({
    time: clock.now(),
    endpoint: 'token',
    version: 2,
    tenant: attack,
    clientId: attack,
    user: attack,
    grant: attack,
    outcome: 'succeeded',
    aadstsCode: 50126,
    tokens: [{ kind: 'access_token', signedPart }],
  });
}

afterEach(() => portal.close());

/** Markup of the attack that got into a page as it was; our own script alone has a nonce. */
function foreignMarkup(html: string): string[] {
  return html.match(/<img|<script(?! nonce=)|<\/textarea><script/g) ?? [];
}

it('runs no script from a name, a note, an address or a secret, on any page', async () => {
  const application = `/app-registrations/${id}`;
  const blades = [
    'branding',
    'authentication',
    'secrets',
    'secrets/new',
    'secrets/certificates',
    'secrets/federated',
    'secrets/federated/new',
    `secrets/federated/${permissionId}`,
    'token-configuration',
    'expose-an-api',
    'expose-an-api/scopes/new',
    `expose-an-api/scopes/${permissionId}`,
    'app-roles',
    'app-roles/new',
    `app-roles/${permissionId}`,
    'permissions',
    'owners',
    'manifest',
    'endpoints',
    'delete',
  ];
  const { appId = '' } = findApplication(portal.context.directory, portal.tenant.id, id) ?? {};
  const pages = [
    '/',
    '/directory',
    '/users',
    '/users/new',
    '/policies',
    '/consent-requests',
    '/directories',
    '/sign-ins',
    '/tokens',
    '/signing-keys',
    '/faults',
    `/users/${findUserByName(portal.context.directory, seededUsers.administrator)?.id}`,
    '/app-registrations',
    '/app-registrations/all',
    application,
    ...blades.map((blade) => `${application}/${blade}`),
    `${application}/permissions/consent`,
    `${application}/permissions/add`,
    `${application}/permissions/add?apis=organization`,
    `${application}/permissions/add?apis=organization&search=${encodeURIComponent(attack)}`,
    `${application}/permissions/add?apis=mine`,
    `${application}/permissions/add/${appId}`,
    `${application}/permissions/add/${wellKnownIds.microsoftGraph}`,
    `/app-registrations/all?search=${encodeURIComponent(attack)}`,
    `/users?search=${encodeURIComponent(attack)}`,
    `/sign-ins?search=${encodeURIComponent(attack)}&status=${encodeURIComponent(attack)}`,
    `/tokens?search=${encodeURIComponent(attack)}&kind=${encodeURIComponent(attack)}`,
    `/directories/${encodeURIComponent(attack)}`,
    `/nothing/${encodeURIComponent(attack)}`,
    `/users/${encodeURIComponent(attack)}`,
    `${application}/permissions/add/${encodeURIComponent(attack)}`,
  ];
  const missing: string[] = [];
  for (const page of pages) {
    const { html, status } = await browser.open(page);
    expect(foreignMarkup(html)).toEqual([]);
    if (status !== 200 && !page.includes('%')) missing.push(page);
  }
  // A page that is not there proves nothing.
  expect(missing).toEqual([]);
  await browser.send(`${application}/delete`, `${application}/delete`);
  expect(foreignMarkup((await browser.open('/app-registrations/deleted')).html)).toEqual([]);
  expect(foreignMarkup((await browser.open(`/app-registrations/deleted/${id}`)).html)).toEqual([]);
});

it('runs no script from a form that is refused and shown again', async () => {
  const application = `/app-registrations/${id}`;
  const refused: [string, string, Record<string, string>][] = [
    ['/app-registrations/new', '/app-registrations/new', { name: attack, platform: 'web', uri: attack }],
    ['/app-registrations/new', '/app-registrations/new', { name: attack.repeat(3) }],
    [`${application}/secrets/new`, `${application}/secrets/new`, { description: attack, lifetime: attack }],
    [`${application}/secrets`, `${application}/secrets/remove`, { key: attack }],
    [`${application}/authentication`, `${application}/authentication/add`, { platform: 'web', uri: attack }],
    [
      `${application}/secrets/federated/new`,
      `${application}/secrets/federated/new`,
      { name: attack, issuer: attack, subject: attack, audience: attack, description: attack },
    ],
    [
      `${application}/branding`,
      `${application}/branding`,
      { name: attack, home: attack, terms: attack, privacy: attack, notes: attack },
    ],
    [
      `${application}/expose-an-api/scopes/new`,
      `${application}/expose-an-api/scopes/new`,
      { value: attack, 'admin-name': attack, 'user-name': attack, 'user-description': attack },
    ],
    [`${application}/expose-an-api`, `${application}/expose-an-api/uri`, { uri: attack }],
    [`${application}/expose-an-api`, `${application}/expose-an-api/clients`, { client: attack }],
    [
      `${application}/app-roles/new`,
      `${application}/app-roles/new`,
      { name: attack, value: attack, description: attack, members: attack },
    ],
    [`${application}/token-configuration`, `${application}/token-configuration/add`, { token: attack }],
    [`${application}/token-configuration`, `${application}/token-configuration/remove`, { token: attack }],
    [
      '/users/new',
      '/users/new',
      { name: attack, display: attack, given: attack, job: attack, password: attack },
    ],
    ['/policies', '/policies', { userConsent: attack, accessTokenMinutes: attack }],
    [`${application}/owners`, `${application}/owners`, { name: attack }],
    [`${application}/owners`, `${application}/owners/remove`, { owner: attack }],
    [`${application}/manifest`, `${application}/manifest`, { manifest: attack }],
    [
      `${application}/manifest`,
      `${application}/manifest`,
      { manifest: JSON.stringify({ [attack]: attack }) },
    ],
  ];
  for (const [page, action, fields] of refused) {
    const { html } = await browser.send(page, action, fields);
    expect(html).toContain('role="alert"');
    expect(foreignMarkup(html)).toEqual([]);
  }
});
