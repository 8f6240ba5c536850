import { permissionRules } from '../access/permission-rules.ts';
import { assignmentOperations } from '../assignments/assignment-operations.ts';
import { belowKeys, type GraphOperation } from '../operation/graph-operation.ts';
import { findAddressedPrincipal } from '../service-principals/find-addressed-principal.ts';

/** `/servicePrincipals/{id}/appRoleAssignedTo` and `/appRoleAssignments`: application permissions. */
export const appRoleAssignmentOperations: GraphOperation[] = (
  ['appRoleAssignedTo', 'appRoleAssignments'] as const
).flatMap((relation) =>
  assignmentOperations(
    { set: 'servicePrincipals', relation, find: findAddressedPrincipal },
    {
      read: belowKeys('servicePrincipals', [permissionRules.readApplications]),
      // Microsoft's reference asks for both: to give roles, and to read the application that gets them.
      write: belowKeys('servicePrincipals', [
        permissionRules.writeAppRoleAssignments,
        permissionRules.readApplications,
      ]),
    },
  ),
);
