import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';

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
