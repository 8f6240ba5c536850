import { listAppRoleAssignedTo, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listGrantsOfClient } from '../../directory/permission-grants.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import type { Relations } from '../query/expand-relations.ts';
import { presentAssignment } from '../resources/present-app-role-assignment.ts';
import { presentGrant } from '../resources/present-permission-grant.ts';

/** What `$expand` may name of a service principal. */
export function servicePrincipalRelations({ context: { directory }, caller }: GraphCall): Relations {
  return {
    appRoleAssignments: (id) =>
      listAppRoleAssignments(directory, id).map((item) => presentAssignment(directory, item)),
    appRoleAssignedTo: (id) =>
      listAppRoleAssignedTo(directory, id).map((item) => presentAssignment(directory, item)),
    oauth2PermissionGrants: (id) => listGrantsOfClient(directory, caller.tenant.id, id).map(presentGrant),
  };
}
