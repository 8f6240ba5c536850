import { wellKnownAppRoles, wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findApplicationByAppId, updateApplication } from './applications.ts';
import { installFirstParty } from './first-party/install-first-party.ts';
import { microsoftServices } from './first-party/microsoft-services.ts';
import { findOfferedScope, offeredRoles, offeredScopes } from './offered-permissions.ts';
import { type Directory, openDirectory } from './open-directory.ts';
import { seedPersonalTenant } from './personal-accounts.ts';
import { contosoDomain, seedContoso, seedMicrosoft } from './seed-contoso.ts';
import {
  findServicePrincipalByAppId,
  type ServicePrincipal,
  updateServicePrincipal,
} from './service-principals.ts';
import { findTenant } from './tenants.ts';

let directory: Directory;

beforeEach(() => {
  directory = openDirectory({ file: ':memory:', clock: { now: () => Date.UTC(2026, 0, 31) } });
  seedContoso(directory);
});

afterEach(() => directory.close());

function principalOf(appId: string, tenant: string = contosoDomain): ServicePrincipal {
  const found = findServicePrincipalByAppId(directory, findTenant(directory, tenant)?.id ?? '', appId);
  if (!found) throw new Error(`The tenant has no ${appId}.`);
  return found;
}

it('has every permission of Microsoft Graph, with its id and who may consent', () => {
  const graph = principalOf(wellKnownIds.microsoftGraph);
  const [scopes, roles] = [offeredScopes(graph), offeredRoles(graph)];
  expect([scopes.length, roles.length]).toEqual([598, 534]);
  expect(scopes.filter(({ type }) => type === 'User')).toHaveLength(136);
  expect(findOfferedScope(graph, 'mail.readwrite.shared')).toMatchObject({
    id: '5df07973-7d5d-46ed-9847-1271055cbd51',
    value: 'Mail.ReadWrite.Shared',
    type: 'User',
    isEnabled: true,
    adminConsentDisplayName: 'Read and write mail (shared)',
    userConsentDescription: 'Read and write mail (shared) on behalf of you.',
  });
  expect(roles.find(({ value }) => value === 'Sites.FullControl.All')).toMatchObject({
    id: 'a82116e5-55eb-4c41-a434-62fe8a61c773',
    displayName: 'Have full control of all sites',
    allowedMemberTypes: ['Application'],
  });
  expect(findOfferedScope(graph, 'Mail.Raed')).toBeUndefined();
});

it('agrees with what the product knows by heart', () => {
  const graph = principalOf(wellKnownIds.microsoftGraph);
  const known = Object.values(wellKnownScopes.microsoftGraph);
  expect(known.map(({ value }) => findOfferedScope(graph, value))).toEqual(
    known.map((scope) => ({ ...scope, isEnabled: true })),
  );
  expect(offeredRoles(graph)).toEqual(
    expect.arrayContaining(
      Object.values(wellKnownAppRoles.microsoftGraph).map((role) => expect.objectContaining(role)),
    ),
  );
});

it('has one delegated permission and no application permission for Dynamics CRM', () => {
  const crm = principalOf(wellKnownIds.dynamicsCrm);
  expect(offeredScopes(crm)).toEqual([
    { ...wellKnownScopes.dynamicsCrm.user_impersonation, isEnabled: true },
  ]);
  expect(offeredRoles(crm)).toEqual([]);
});

it.each(microsoftServices.map(({ displayName, appId }) => [displayName, appId]))(
  'has permissions of %s, each once, and keeps none of them in the database',
  (_name, appId) => {
    const principal = principalOf(appId);
    const scopes = offeredScopes(principal);
    expect(scopes.length).toBeGreaterThan(0);
    for (const offered of [scopes, offeredRoles(principal)]) {
      expect(offered.filter(({ id }) => !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id))).toEqual(
        [],
      );
      expect(new Set(offered.map(({ id }) => id)).size).toBe(offered.length);
      expect(new Set(offered.map(({ value }) => value.toLowerCase())).size).toBe(offered.length);
    }
    expect(principal.document).toMatchObject({ oauth2PermissionScopes: [], appRoles: [] });
  },
);

it('takes the lists that earlier versions kept out of the database', () => {
  const graph = principalOf(wellKnownIds.microsoftGraph);
  const kept = Object.values(wellKnownScopes.microsoftGraph).map((scope) => ({ ...scope, isEnabled: true }));
  updateServicePrincipal(directory, {
    ...graph,
    document: { ...graph.document, oauth2PermissionScopes: kept, tags: ['mine'] },
  });
  const application = findApplicationByAppId(directory, wellKnownIds.microsoftGraph);
  if (!application) throw new Error('There is no Microsoft Graph.');
  const { document } = application;
  const api = { ...document.api, oauth2PermissionScopes: kept };
  updateApplication(directory, { ...application, document: { ...document, api } });
  seedMicrosoft(directory);
  installFirstParty(directory, graph.tenantId);
  expect(findApplicationByAppId(directory, wellKnownIds.microsoftGraph)).toEqual(application);
  const now = principalOf(wellKnownIds.microsoftGraph);
  expect(now.document).toEqual({ ...graph.document, tags: ['mine'] });
  expect(offeredScopes(now)).toHaveLength(598);
});

it('adds what the service principal itself offers', () => {
  const own = {
    ...wellKnownScopes.microsoftGraph.openid,
    id: crypto.randomUUID(),
    value: 'Own',
    isEnabled: true,
  };
  const graph = principalOf(wellKnownIds.microsoftGraph);
  const extended = { ...graph, document: { ...graph.document, oauth2PermissionScopes: [own] } };
  expect(offeredScopes(extended)).toHaveLength(599);
  expect(findOfferedScope(extended, 'own')).toEqual(own);
  expect(findOfferedScope(extended, 'owned')).toBeUndefined();
  const off = { ...graph.document, oauth2PermissionScopes: [{ ...own, isEnabled: false }] };
  expect(findOfferedScope({ ...graph, document: off }, 'own')).toBeUndefined();
});

it('gives personal accounts what they have of Microsoft Graph', () => {
  seedPersonalTenant(directory);
  const graph = principalOf(wellKnownIds.microsoftGraph, wellKnownIds.personalAccountTenant);
  expect(
    offeredScopes(graph)
      .map(({ value }) => value)
      .toSorted(),
  ).toEqual(['User.Read', 'email', 'offline_access', 'openid', 'profile']);
  expect(offeredRoles(graph)).toEqual([]);
  expect(findOfferedScope(graph, 'user.READ')?.value).toBe('User.Read');
  expect(findOfferedScope(graph, 'Mail.Read')).toBeUndefined();
});
