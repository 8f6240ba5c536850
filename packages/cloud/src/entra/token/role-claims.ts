import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { directoryRoles } from '../../directory/directory-roles.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { User } from '../../directory/users.ts';

/** The template id in `wids` that stands for every member. */
const memberTemplateId = 'b79fbf4d-3ef9-4689-8143-76b194e85509';

/** Whether an application's `groupMembershipClaims` ask for directory roles: `All` or `DirectoryRole`. */
export function wantsDirectoryRoles(groupMembershipClaims: string | null): boolean {
  const wanted = groupMembershipClaims?.split(/[\s,]+/) ?? [];
  return wanted.includes('All') || wanted.includes('DirectoryRole');
}

/** `wids`: the template ids of a person's directory roles. */
export function directoryRoleIds(user: User): string[] {
  return [...user.directoryRoles.map((role) => directoryRoles[role].templateId), memberTemplateId];
}

/** `roles`: the values of an API's or app's roles that a person or an app was given on it. */
export function assignedRoles(
  directory: Directory,
  principal: { id: string; kind: 'User' | 'Application' },
  resource: Pick<ServicePrincipal, 'id' | 'document'> | undefined,
): string[] {
  const roles = resource?.document.appRoles.filter((role) =>
    role.allowedMemberTypes.includes(principal.kind),
  );
  if (!resource || !roles || roles.length === 0) return [];
  const held = new Set(
    listAppRoleAssignments(directory, principal.id, resource.id).map((item) => item.appRoleId),
  );
  return roles.filter((role) => held.has(role.id)).map((role) => role.value);
}
