import { permissionRules } from '../access/permission-rules.ts';
import { assignmentOperations } from '../assignments/assignment-operations.ts';
import { type GraphOperation, withKeyForm } from '../operation/graph-operation.ts';
import { findAddressedPrincipal } from '../service-principals/find-addressed-principal.ts';

/** `/servicePrincipals/{id}/appRoleAssignedTo` and `/appRoleAssignments`: application permissions. */
export const appRoleAssignmentOperations: GraphOperation[] = (
  ['appRoleAssignedTo', 'appRoleAssignments'] as const
).flatMap((relation) =>
  assignmentOperations(
    { set: 'servicePrincipals', relation, find: findAddressedPrincipal },
    {
      read: (suffix, operation) =>
        withKeyForm('servicePrincipals', suffix, {
          ...operation,
          permissions: [permissionRules.readApplications],
        }),
      // Microsoft's reference asks for both: to give roles, and to read the application that gets them.
      write: (suffix, operation) =>
        withKeyForm('servicePrincipals', suffix, {
          ...operation,
          permissions: [permissionRules.writeAppRoleAssignments, permissionRules.readApplications],
        }),
    },
  ),
);
