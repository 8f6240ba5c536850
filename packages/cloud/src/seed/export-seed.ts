import { wellKnownIds } from '@latchkey/microsoft';
import { listAppRoleAssignments } from '../directory/app-role-assignments.ts';
import { type ApplicationDocument, emptyApplicationDocument } from '../directory/application-document.ts';
import {
  type Application,
  findApplicationByAppId,
  listApplications,
  listOwnerIds,
} from '../directory/applications.ts';
import { listStoredSecrets } from '../directory/client-secrets.ts';
import { listEnvironments } from '../directory/environments.ts';
import { listFederatedIssuers } from '../directory/federated-issuers.ts';
import { type GroupLink, listLinkedIds } from '../directory/group-links.ts';
import { findGroup, type Group, listGroups } from '../directory/groups.ts';
import { offeredRoles } from '../directory/offered-permissions.ts';
import type { Directory } from '../directory/open-directory.ts';
import { listPermissionGrants } from '../directory/permission-grants.ts';
import { isPersonalTenant } from '../directory/personal-accounts.ts';
import {
  findServicePrincipal,
  findServicePrincipalByAppId,
  listServicePrincipals,
  type ServicePrincipal,
} from '../directory/service-principals.ts';
import { tenantPolicy } from '../directory/tenant-policy.ts';
import { listTenants, type Tenant } from '../directory/tenants.ts';
import { findUser, listUsers, passwordHashOf, type User } from '../directory/users.ts';
import { exportServices } from './export-services.ts';
import type {
  Seed,
  SeedApplication,
  SeedEnvironment,
  SeedForeignApplication,
  SeedGroup,
  SeedPersonalAccount,
  SeedTenant,
  SeedUser,
} from './seed-schema.ts';

/** What an application's manifest in a seed carries; the rest has a place of its own or is made by the cloud. */
const manifestProperties = [
  'signInAudience',
  'description',
  'groupMembershipClaims',
  'identifierUris',
  'isFallbackPublicClient',
  'notes',
  'optionalClaims',
  'tags',
  'api',
  'appRoles',
  'info',
  'publicClient',
  'requiredResourceAccess',
  'spa',
  'web',
  'keyCredentials',
] as const satisfies readonly (keyof ApplicationDocument)[];

/**
 * The present state as a seed: tenants, people, applications with secrets and consent, environments. Passwords and
 * secrets come as their hashes. What is left out, as the README says: deleted objects, what service principals have of
 * their own besides consent and roles, sessions and tokens, first-party consent, the rows of the CRM.
 */
export function exportSeed(directory: Directory): Seed {
  const tenants = listTenants(directory).filter(
    (tenant) => tenant.id !== wellKnownIds.microsoftServicesTenant && !isPersonalTenant(tenant),
  );
  const federatedIssuers = listFederatedIssuers(directory);
  const services = exportServices(directory);
  return {
    contoso: false,
    tenants: tenants.map((tenant) => exportTenant(directory, tenant)),
    personalAccounts: listUsers(directory, wellKnownIds.personalAccountTenant).map((user) =>
      exportPersonalAccount(directory, user),
    ),
    ...(services.length > 0 && { services }),
    ...(federatedIssuers.length > 0 && { federatedIssuers }),
  };
}

function exportTenant(directory: Directory, tenant: Tenant): SeedTenant {
  const { id, displayName, domains } = tenant;
  return {
    id,
    displayName,
    domains,
    policy: tenantPolicy(directory, id),
    users: listUsers(directory, id).map((user) => exportUser(directory, user)),
    groups: listGroups(directory, id).map((group) => exportGroup(directory, group)),
    applications: listApplications(directory, id).map((application) =>
      exportApplication(directory, tenant, application),
    ),
    foreignApplications: listServicePrincipals(directory, id)
      .filter((principal) => isForeign(directory, principal))
      .map((principal) => exportForeignApplication(directory, tenant, principal)),
    environments: listEnvironments(directory)
      .filter(({ tenantId }) => tenantId === id)
      .map(({ tenantId: _tenant, ...environment }): SeedEnvironment => environment),
  };
}

function exportGroup(directory: Directory, group: Group): SeedGroup {
  const { id, displayName, kind, securityEnabled, properties } = group;
  const owners = nameLinked(directory, group, 'owner');
  return {
    id,
    displayName,
    kind,
    ...(securityEnabled !== undefined && { securityEnabled }),
    members: nameLinked(directory, group, 'member'),
    ...(owners.length > 0 && { owners }),
    ...(properties && { properties }),
  };
}

/** People by their sign-in names, groups by their ids. */
function nameLinked(directory: Directory, { id, tenantId }: Group, kind: GroupLink): string[] {
  return listLinkedIds(directory, id, kind).flatMap(
    (linked) =>
      findUser(directory, linked)?.userPrincipalName ?? findGroup(directory, tenantId, linked)?.id ?? [],
  );
}

function exportUser(directory: Directory, user: User): SeedUser {
  const {
    tenantId: _tenant,
    tokensValidFrom: _from,
    passwordChangedAt: _changed,
    createdAt: _created,
    ...profile
  } = user;
  return { ...profile, passwordHash: passwordHashOf(directory, user.id) };
}

/** Personal accounts have neither directory roles nor licences. */
function exportPersonalAccount(directory: Directory, user: User): SeedPersonalAccount {
  const {
    jobTitle: _title,
    properties: _properties,
    directoryRoles: _roles,
    licences: _licences,
    ...account
  } = exportUser(directory, user);
  return account;
}

function exportApplication(directory: Directory, tenant: Tenant, application: Application): SeedApplication {
  const { id, appId, displayName, document } = application;
  const { federatedIdentityCredentials = [] } = document;
  const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
  // The oldest first: in that order they are made again.
  const secrets = listStoredSecrets(directory, id)
    .toReversed()
    .map(({ displayName: name, startAt, endAt, ...secret }) => ({
      ...secret,
      name,
      startsAt: new Date(startAt).toISOString(),
      endsAt: new Date(endAt).toISOString(),
    }));
  const owners = listOwnerIds(directory, id).flatMap((owner) => findUser(directory, owner) ?? []);
  return {
    id,
    appId,
    displayName,
    ...(document.uniqueName !== undefined && { uniqueName: document.uniqueName }),
    manifest: manifestOf(document),
    secrets,
    ...(federatedIdentityCredentials.length > 0 && { federatedCredentials: federatedIdentityCredentials }),
    owners: owners.map(({ userPrincipalName }) => userPrincipalName),
    servicePrincipal: switchOf(principal),
    ...(principal && {
      grants: exportGrants(directory, tenant, principal),
      roles: exportRoles(directory, tenant, principal),
    }),
  };
}

/** Of a living application that other tenants may let in, and neither this tenant's nor Microsoft's. */
function isForeign(directory: Directory, { appId, tenantId }: ServicePrincipal): boolean {
  const application = findApplicationByAppId(directory, appId);
  return (
    application !== undefined &&
    application.document.signInAudience !== 'AzureADMyOrg' &&
    ![tenantId, wellKnownIds.microsoftServicesTenant].includes(application.tenantId)
  );
}

function exportForeignApplication(
  directory: Directory,
  tenant: Tenant,
  principal: ServicePrincipal,
): SeedForeignApplication {
  return {
    app: principal.appId,
    grants: exportGrants(directory, tenant, principal),
    roles: exportRoles(directory, tenant, principal),
    enabled: principal.accountEnabled,
  };
}

function switchOf(principal: ServicePrincipal | undefined): SeedApplication['servicePrincipal'] {
  if (!principal) return 'none';
  return principal.accountEnabled ? 'enabled' : 'disabled';
}

/** Only what differs from a new application, so that a person can read it. */
function manifestOf(document: ApplicationDocument): Record<string, unknown> {
  const empty = emptyApplicationDocument(null);
  const changed = manifestProperties
    .filter((name) => JSON.stringify(document[name]) !== JSON.stringify(empty[name]))
    .map((name): [string, unknown] => [name, document[name]]);
  return { ...Object.fromEntries<unknown>(changed), ...document.properties };
}

function exportGrants(
  directory: Directory,
  tenant: Tenant,
  principal: ServicePrincipal,
): SeedApplication['grants'] {
  return listPermissionGrants(directory, tenant.id)
    .filter(({ clientId, scope }) => clientId === principal.id && scope.trim() !== '')
    .flatMap(({ resourceId, principalId, scope }) => {
      const api = findServicePrincipal(directory, tenant.id, resourceId);
      const user = principalId === null ? null : findUser(directory, principalId);
      if (!api || user === undefined) return [];
      const scopes = scope.split(' ').filter(Boolean);
      return [{ api: api.appId, scopes, ...(user && { user: user.userPrincipalName }) }];
    });
}

function exportRoles(
  directory: Directory,
  tenant: Tenant,
  principal: ServicePrincipal,
): SeedApplication['roles'] {
  return listAppRoleAssignments(directory, principal.id).flatMap(({ resourceId, appRoleId }) => {
    const api = findServicePrincipal(directory, tenant.id, resourceId);
    const role = api && offeredRoles(api).find(({ id }) => id === appRoleId);
    return api && role ? [{ api: api.appId, values: [role.value] }] : [];
  });
}
