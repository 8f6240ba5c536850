import { wellKnownIds } from '@latchkey/microsoft';
import { createEnvironment } from './environments.ts';
import { installFirstParty, keepFirstParty } from './first-party/install-first-party.ts';
import type { Directory } from './open-directory.ts';
import { stableGuid } from './stable-guid.ts';
import { createTenant, findTenant } from './tenants.ts';
import { createUser, type User } from './users.ts';

/** The password of every seeded user. It is for development and is printed at the start. */
export const seededPassword = 'Pass@word1';

export const contosoDomain = 'contoso.onmicrosoft.com';

/** The seeded people: an administrator, a salesperson, and somebody without a CRM licence. */
export const seededUsers = {
  administrator: `admin@${contosoDomain}`,
  salesperson: `sales@${contosoDomain}`,
  withoutLicence: `nolicence@${contosoDomain}`,
} as const;

const people: Omit<User, 'tenantId' | 'tokensValidFrom'>[] = [
  {
    id: stableGuid('user:admin'),
    userPrincipalName: seededUsers.administrator,
    displayName: 'Megan Bowen',
    givenName: 'Megan',
    surname: 'Bowen',
    mail: seededUsers.administrator,
    jobTitle: 'IT Administrator',
    enabled: true,
    directoryRoles: ['Global Administrator'],
    licences: ['dynamics-365-sales'],
  },
  {
    id: stableGuid('user:sales'),
    userPrincipalName: seededUsers.salesperson,
    displayName: 'Alex Wilber',
    givenName: 'Alex',
    surname: 'Wilber',
    mail: seededUsers.salesperson,
    jobTitle: 'Sales Representative',
    enabled: true,
    directoryRoles: [],
    licences: ['dynamics-365-sales'],
  },
  {
    id: stableGuid('user:nolicence'),
    userPrincipalName: seededUsers.withoutLicence,
    displayName: 'Diego Siciliani',
    givenName: 'Diego',
    surname: 'Siciliani',
    mail: seededUsers.withoutLicence,
    jobTitle: 'Contractor',
    enabled: true,
    directoryRoles: [],
    licences: [],
  },
];

/** Makes the tenant that Microsoft's own applications belong to, with these, where they are missing. */
export function seedMicrosoft(directory: Directory): void {
  if (!findTenant(directory, wellKnownIds.microsoftServicesTenant)) {
    createTenant(directory, {
      id: wellKnownIds.microsoftServicesTenant,
      displayName: 'Microsoft Services',
      domains: ['microsoftservices.onmicrosoft.com'],
      createdAt: directory.clock.now(),
    });
  }
  keepFirstParty(directory);
}

/** Makes the tenant Contoso with its people, Microsoft's service principals and one CRM, where they are missing. */
export function seedContoso(directory: Directory): void {
  if (findTenant(directory, contosoDomain)) return;
  const tenantId = stableGuid('tenant:contoso');
  const createdAt = directory.clock.now();
  directory.transaction(() => {
    if (!findTenant(directory, wellKnownIds.microsoftServicesTenant)) seedMicrosoft(directory);
    createTenant(directory, { id: tenantId, displayName: 'Contoso', domains: [contosoDomain], createdAt });
    for (const person of people) createUser(directory, { ...person, tenantId, password: seededPassword });
    installFirstParty(directory, tenantId);
    createEnvironment(directory, {
      id: stableGuid('environment:contoso'),
      tenantId,
      organizationId: stableGuid('organization:contoso'),
      urlName: 'contoso',
      uniqueName: 'unq5d1f6a2bcontoso',
      regionHost: 'crm4.dynamics.com',
      friendlyName: 'Contoso',
    });
  });
}
