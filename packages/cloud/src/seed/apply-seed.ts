import { wellKnownIds } from '@latchkey/microsoft';
import { purgeUser } from '../directory/deleted-users.ts';
import { createEnvironment, listEnvironments } from '../directory/environments.ts';
import { storeFederatedIssuer } from '../directory/federated-issuers.ts';
import { installFirstParty } from '../directory/first-party/install-first-party.ts';
import type { Directory } from '../directory/open-directory.ts';
import {
  isPersonalTenant,
  personalAccountId,
  seedPersonalAccount,
  seedPersonalTenant,
} from '../directory/personal-accounts.ts';
import { seedContoso, seededPassword, seedMicrosoft } from '../directory/seed-contoso.ts';
import { stableGuid } from '../directory/stable-guid.ts';
import { setTenantPolicy } from '../directory/tenant-policy.ts';
import { createTenant, findTenant, listTenants, type Tenant } from '../directory/tenants.ts';
import {
  createUser,
  findUser,
  findUserByName,
  renameUser,
  setPassword,
  setPasswordHash,
  setUserConditions,
  updateUserProfile,
} from '../directory/users.ts';
import { furtherUserProperties } from '../graph/resources/user-properties.ts';
import { readFurtherProperties } from './read-further-properties.ts';
import { seedApplication, seedPermissions } from './seed-application.ts';
import { SeedError } from './seed-error.ts';
import { seedForeignApplication } from './seed-foreign-application.ts';
import { seedGrants } from './seed-grants.ts';
import { seedGroups } from './seed-groups.ts';
import type { Seed, SeedEnvironment, SeedPersonalAccount, SeedTenant, SeedUser } from './seed-schema.ts';
import { seedService } from './seed-service.ts';

const usualRegionHost = 'crm4.dynamics.com';

/**
 * Brings a directory to what a seed says, all of it or nothing. It may be applied again: people and policies become
 * what the seed says, applications and environments are made where they are missing.
 *
 * @throws SeedError with the place in the seed
 */
export function applySeed(directory: Directory, seed: Seed): void {
  directory.transaction(() => {
    seedMicrosoft(directory);
    for (const service of seed.services ?? []) seedService(directory, service);
    const known = listTenants(directory).filter(isCustomer);
    for (const tenant of known) installFirstParty(directory, tenant.id);
    seedPersonalTenant(directory);
    if (seed.contoso !== false) {
      seedContoso(directory);
      seedPersonalAccount(directory);
    }
    for (const account of seed.personalAccounts ?? []) seedPersonalUser(directory, account);
    const seeded = (seed.tenants ?? []).map((given) => ({ given, tenant: seedTenant(directory, given) }));
    const made = seeded.flatMap(({ given, tenant }) =>
      (given.applications ?? []).flatMap((application) => {
        const parts = seedApplication(directory, tenant, application);
        return parts ? [{ tenant, application, ...parts }] : [];
      }),
    );
    const letIn = seeded.flatMap(({ given, tenant }) =>
      (given.foreignApplications ?? []).flatMap((application) => {
        const principal = seedForeignApplication(directory, tenant, application);
        return principal ? [{ tenant, application, principal }] : [];
      }),
    );
    // Permissions and grants may be of any API that the seed makes, the application's own among them.
    for (const item of made) seedPermissions(directory, item);
    for (const item of [...made, ...letIn]) {
      if (item.principal) seedGrants(directory, { ...item, principal: item.principal });
    }
    for (const issuer of seed.federatedIssuers ?? []) storeFederatedIssuer(directory, issuer);
  });
}

/** Neither Microsoft's own tenant nor that of the personal accounts. */
function isCustomer(tenant: Tenant): boolean {
  return tenant.id !== wellKnownIds.microsoftServicesTenant && !isPersonalTenant(tenant);
}

function seedTenant(directory: Directory, given: SeedTenant): Tenant {
  const [domain = ''] = given.domains;
  const known = findTenant(directory, given.id ?? domain);
  const tenant: Tenant = known ?? {
    id: given.id ?? stableGuid(`tenant:${domain}`),
    displayName: given.displayName,
    domains: given.domains.map((name) => name.toLowerCase()),
    createdAt: directory.clock.now(),
  };
  if (!isCustomer(tenant)) throw new SeedError(`The tenant ${tenant.id} is Microsoft's own.`);
  requireOwnDomains(directory, tenant, given);
  if (!known) {
    createTenant(directory, tenant);
    installFirstParty(directory, tenant.id);
  }
  if (given.policy) setTenantPolicy(directory, tenant.id, withoutUndefined(given.policy));
  for (const user of given.users ?? []) seedMember(directory, tenant, user);
  seedGroups(directory, tenant, given.groups ?? []);
  for (const environment of given.environments ?? []) seedEnvironment(directory, tenant, environment);
  return tenant;
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The fields of a seed that were given: one that is undefined was left out. */
function withoutUndefined<T extends object>(fields: T): Defined<T> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same fields, but for those that are undefined
  return given as Defined<T>;
}

/** A domain is verified in one tenant alone. */
function requireOwnDomains(directory: Directory, tenant: Tenant, { domains, displayName }: SeedTenant): void {
  for (const domain of domains) {
    const owner = findTenant(directory, domain);
    if (owner && owner.id !== tenant.id) {
      throw new SeedError(`${displayName} can't have ${domain}: it belongs to ${owner.displayName}.`);
    }
  }
}

function seedMember(directory: Directory, tenant: Tenant, given: SeedUser): void {
  const [, domain = ''] = given.userPrincipalName.toLowerCase().split('@');
  if (!tenant.domains.includes(domain)) {
    throw new SeedError(`'${given.userPrincipalName}' is in no domain of ${tenant.displayName}.`);
  }
  seedUser(directory, tenant.id, given);
}

/** A personal account may have any address that no organization has. */
function seedPersonalUser(directory: Directory, given: SeedPersonalAccount): void {
  const { userPrincipalName } = given;
  const [, domain = ''] = userPrincipalName.split('@');
  if (findTenant(directory, domain)) {
    throw new SeedError(
      `'${userPrincipalName}' is no personal account: ${domain} belongs to an organization.`,
    );
  }
  const id = given.id ?? personalAccountId(userPrincipalName);
  seedUser(directory, wellKnownIds.personalAccountTenant, { ...given, id });
}

function seedUser(directory: Directory, tenantId: string, given: SeedUser): void {
  const { userPrincipalName, password, passwordHash, conditions, id, properties, ...fields } = given;
  const profile = {
    ...withoutUndefined(fields),
    ...(properties && {
      properties: readFurtherProperties(userPrincipalName, properties, furtherUserProperties),
    }),
  };
  const [name = ''] = userPrincipalName.toLowerCase().split('@');
  const userId = id ?? stableGuid(`user:${userPrincipalName.toLowerCase()}`);
  const known = findUserByName(directory, userPrincipalName) ?? findUser(directory, userId);
  if (known && known.tenantId !== tenantId) {
    throw new SeedError(`'${userPrincipalName}' is in two tenants.`);
  }
  if (known) {
    // Somebody may have been given another name since.
    renameUser(directory, known.id, userPrincipalName);
    updateUserProfile(directory, known.id, profile);
    if (password !== undefined) setPassword(directory, known.id, password);
  } else {
    // What is left of one who was deleted.
    purgeUser(directory, userId);
    createUser(directory, {
      displayName: name,
      givenName: name,
      surname: null,
      mail: userPrincipalName,
      jobTitle: null,
      enabled: true,
      directoryRoles: [],
      licences: [],
      ...profile,
      id: userId,
      userPrincipalName,
      tenantId,
      password: password ?? seededPassword,
    });
  }
  const user = findUserByName(directory, userPrincipalName);
  if (user && passwordHash !== undefined) setPasswordHash(directory, user.id, passwordHash);
  if (user && conditions) setUserConditions(directory, user, withoutUndefined(conditions));
}

function seedEnvironment(directory: Directory, tenant: Tenant, given: SeedEnvironment): void {
  const { urlName, regionHost = usualRegionHost } = given;
  const known = listEnvironments(directory).find(
    (environment) => environment.urlName === urlName && environment.regionHost === regionHost,
  );
  if (known && known.tenantId !== tenant.id) {
    throw new SeedError(`${tenant.displayName} can't have ${urlName}.${regionHost}: another tenant has it.`);
  }
  if (known) return;
  createEnvironment(directory, {
    id: given.id ?? stableGuid(`environment:${urlName}.${regionHost}`),
    tenantId: tenant.id,
    organizationId: given.organizationId ?? stableGuid(`organization:${urlName}.${regionHost}`),
    urlName,
    uniqueName: given.uniqueName ?? `unq${urlName.replaceAll('-', '')}`,
    regionHost,
    friendlyName: given.friendlyName ?? tenant.displayName,
  });
}
