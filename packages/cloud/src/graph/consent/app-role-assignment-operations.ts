import {
  type AppRoleAssignment,
  deleteAppRoleAssignment,
  listAppRoleAssignedTo,
  listAppRoleAssignments,
} from '../../directory/app-role-assignments.ts';
import { findServicePrincipal, type ServicePrincipal } from '../../directory/service-principals.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireAppRoleAdministrator } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import {
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  withKeyForm,
} from '../operation/graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { narrowTo } from '../query/object-set.ts';
import {
  assignmentContext,
  assignmentType,
  presentAssignment,
  type Side,
} from '../resources/present-app-role-assignment.ts';
import { findAddressedPrincipal } from '../service-principals/find-addressed-principal.ts';
import { createAssignmentFromBody } from './create-app-role-assignment.ts';

/** `/servicePrincipals/{id}/appRoleAssignedTo` and `/appRoleAssignments`: application permissions. */
export const appRoleAssignmentOperations: GraphOperation[] = [
  ...operationsOf('assignedTo', '/appRoleAssignedTo'),
  ...operationsOf('assignments', '/appRoleAssignments'),
];

function operationsOf(side: Side, suffix: string): GraphOperation[] {
  const read = [permissionRules.readApplications];
  // Microsoft's reference asks for both: to give roles, and to read the application that gets them.
  const write = [permissionRules.writeAppRoleAssignments, permissionRules.readApplications];
  return [
    ...withKeyForm('servicePrincipals', suffix, {
      method: 'POST',
      permissions: write,
      handle: createAssignmentFromBody(side),
    }),
    ...withKeyForm('servicePrincipals', suffix, {
      method: 'GET',
      permissions: read,
      handle: (call) => listAssignments(call, side),
    }),
    ...withKeyForm('servicePrincipals', `${suffix}/:assignmentId`, {
      method: 'DELETE',
      permissions: write,
      handle: (call) => deleteAssignment(call, side),
    }),
  ];
}

function listAssignments(call: GraphCall, side: Side): GraphAnswer {
  const principal = findAddressedPrincipal(call);
  return answerCollection(call, {
    context: assignmentContext(principal.id, side),
    type: assignmentType,
    objects: narrowTo(assignmentsOf(call, principal, side), (assignment) =>
      presentAssignment(call.context.directory, assignment),
    ),
  });
}

function deleteAssignment(call: GraphCall, side: Side): GraphAnswer {
  const { directory } = call.context;
  const id = call.params.assignmentId ?? '';
  const assignment = assignmentsOf(call, findAddressedPrincipal(call), side).find(
    (candidate) => candidate.id === id,
  );
  const resource =
    assignment && findServicePrincipal(directory, call.caller.tenant.id, assignment.resourceId);
  if (!resource) throw resourceNotFound(id);
  requireAppRoleAdministrator(call.caller, resource);
  deleteAppRoleAssignment(directory, id);
  return { status: 204 };
}

function assignmentsOf(
  { context: { directory } }: GraphCall,
  principal: ServicePrincipal,
  side: Side,
): AppRoleAssignment[] {
  return side === 'assignedTo'
    ? listAppRoleAssignedTo(directory, principal.id)
    : listAppRoleAssignments(directory, principal.id);
}
