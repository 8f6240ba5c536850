import { listAppRoleAssignments, listAssignmentsOfPerson } from '../../directory/app-role-assignments.ts';
import { directoryRoles } from '../../directory/directory-roles.ts';
import { isSecurityEnabled, listAllGroupsOf } from '../../directory/groups.ts';
import { offeredRoles } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { ServicePrincipal } from '../../directory/service-principals.ts';
import type { User } from '../../directory/users.ts';

/** How a token reaches its app: in the address of a page there is room for few groups. */
export type TokenDelivery = 'token_endpoint' | 'browser';

/** The template id in `wids` that stands for every member. */
const memberTemplateId = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
const mostGroups: Readonly<Record<TokenDelivery, number>> = { token_endpoint: 200, browser: 5 };

/**
 * What a token tells of a person's groups (`groups`) and directory roles (`wids`), as `groupMembershipClaims` of the API
 * or the app asks: `SecurityGroup`, `DirectoryRole`, or `All`. Where there are too many groups, it tells where to ask
 * ("Groups overage claim"), or by the browser only that there are some (`hasgroups`).
 */
export function membershipClaims(
  directory: Directory,
  user: User,
  groupMembershipClaims: string | null,
  delivery: TokenDelivery,
): object {
  const wanted = groupMembershipClaims?.split(/[\s,]+/) ?? [];
  const wantsAll = wanted.includes('All');
  const groups =
    wantsAll || wanted.includes('SecurityGroup')
      ? listAllGroupsOf(directory, user.id).filter((group) => wantsAll || isSecurityEnabled(group))
      : [];
  return {
    ...groupClaims(
      user,
      groups.map(({ id }) => id),
      delivery,
    ),
    ...((wantsAll || wanted.includes('DirectoryRole')) && {
      wids: [...user.directoryRoles.map((role) => directoryRoles[role].templateId), memberTemplateId],
    }),
  };
}

function groupClaims({ id }: User, groups: readonly string[], delivery: TokenDelivery): object {
  if (groups.length === 0) return {};
  if (groups.length <= mostGroups[delivery]) return { groups };
  if (delivery === 'browser') return { hasgroups: true };
  const endpoint = `https://graph.microsoft.com/v1.0/users/${id}/getMemberObjects`;
  return { _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint } } };
}

/** `roles`: the values of an API's or app's roles that a person or an app was given on it. */
export function assignedRoles(
  directory: Directory,
  principal: { id: string; kind: 'User' | 'Application' },
  resource: Pick<ServicePrincipal, 'id' | 'tenantId' | 'appId' | 'document'> | undefined,
): string[] {
  if (!resource) return [];
  const list = principal.kind === 'User' ? listAssignmentsOfPerson : listAppRoleAssignments;
  const held = new Set(list(directory, principal.id, resource.id).map((item) => item.appRoleId));
  // Most hold none; then the hundreds of roles of Microsoft Graph need not be known.
  if (held.size === 0) return [];
  return offeredRoles(resource)
    .filter((role) => role.allowedMemberTypes.includes(principal.kind) && held.has(role.id))
    .map((role) => role.value);
}
