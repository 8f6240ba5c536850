import { wellKnownIds } from '@latchkey/microsoft';
import type { PermissionAsk } from './record-consent.ts';
import type { DirectoryRole, User } from './users.ts';

const consentRoles: ReadonlySet<DirectoryRole> = new Set<DirectoryRole>([
  'Global Administrator',
  'Privileged Role Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
]);

const graphRoleGranters: ReadonlySet<DirectoryRole> = new Set<DirectoryRole>([
  'Global Administrator',
  'Privileged Role Administrator',
]);

/** Whether a person may consent for everybody, and to permissions that only an administrator may give. */
export function mayConsentForOrganization(user: User): boolean {
  return user.directoryRoles.some((role) => consentRoles.has(role));
}

/** Application permissions of Graph take a higher role than everything else. */
export function mayGrantRoles(user: User, asks: readonly PermissionAsk[]): boolean {
  const concernsGraph = asks.some(
    (ask) => ask.roles.length > 0 && ask.resource.appId === wellKnownIds.microsoftGraph,
  );
  return user.directoryRoles.some((role) => (concernsGraph ? graphRoleGranters : consentRoles).has(role));
}
