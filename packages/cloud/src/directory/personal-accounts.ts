import { wellKnownIds } from '@latchkey/microsoft';
import type { Application } from './applications.ts';
import { firstPartyApplications } from './first-party/first-party-applications.ts';
import { installFirstPartyApplication } from './first-party/install-first-party.ts';
import type { Directory } from './open-directory.ts';
import { seededPassword } from './seed-contoso.ts';
import { stableGuid } from './stable-guid.ts';
import { createTenant, findTenant, type Tenant } from './tenants.ts';
import { createUser, findUserByName } from './users.ts';

/** The seeded personal Microsoft account. */
export const seededPersonalAccount = 'grady@outlook.example';

/** The tenant that all personal Microsoft accounts belong to; it has no domain. */
export function isPersonalTenant({ id }: Pick<Tenant, 'id'>): boolean {
  return id === wellKnownIds.personalAccountTenant;
}

/** Whether an application lets personal accounts in. */
export function allowsPersonalAccounts({ document }: Pick<Application, 'document'>): boolean {
  return document.signInAudience.includes('PersonalMicrosoftAccount');
}

/** Makes the tenant of the personal accounts, which knows Microsoft Graph and no other service, where it is missing. */
export function seedPersonalTenant(directory: Directory): void {
  const tenantId = wellKnownIds.personalAccountTenant;
  if (!findTenant(directory, tenantId)) {
    createTenant(directory, {
      id: tenantId,
      displayName: 'Microsoft Accounts',
      domains: [],
      createdAt: directory.clock.now(),
    });
  }
  const graph = firstPartyApplications.find(({ appId }) => appId === wellKnownIds.microsoftGraph);
  if (graph) installFirstPartyApplication(directory, tenantId, graph);
}

/** Makes the person whose account is nobody's but their own, where they are missing. */
export function seedPersonalAccount(directory: Directory): void {
  if (findUserByName(directory, seededPersonalAccount)) return;
  createUser(directory, {
    id: personalAccountId(seededPersonalAccount),
    tenantId: wellKnownIds.personalAccountTenant,
    userPrincipalName: seededPersonalAccount,
    displayName: 'Grady Archie',
    givenName: 'Grady',
    surname: 'Archie',
    mail: seededPersonalAccount,
    jobTitle: null,
    enabled: true,
    directoryRoles: [],
    licences: [],
    password: seededPassword,
  });
}

/** The `oid` of a personal account: zeros, then the account's own 64 bits. */
export function personalAccountId(userPrincipalName: string): string {
  return `00000000-0000-0000-${stableGuid(`user:${userPrincipalName.toLowerCase()}`).slice(-17)}`;
}
