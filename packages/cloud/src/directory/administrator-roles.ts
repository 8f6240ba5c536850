import { wellKnownIds } from '@latchkey/microsoft';
import type { RequestedPermissions } from './record-consent.ts';
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
export function mayGrantRoles(user: User, requested: readonly RequestedPermissions[]): boolean {
  const concernsGraph = requested.some(
    (permissions) =>
      permissions.roles.length > 0 && permissions.resource.appId === wellKnownIds.microsoftGraph,
  );
  return user.directoryRoles.some((role) => (concernsGraph ? graphRoleGranters : consentRoles).has(role));
}
