import {
  type AppRoleAssignment,
  deleteAppRoleAssignment,
  listAppRoleAssignedTo,
  listAppRoleAssignments,
} from '../../directory/app-role-assignments.ts';
import { findServicePrincipal, type ServicePrincipal } from '../../directory/service-principals.ts';
import { requireAppRoleAdministrator } from '../access/person-rules.ts';
import { resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation, Places } from '../operation/graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { answerEntity } from '../query/answer-entity.ts';
import { narrowTo } from '../query/object-set.ts';
import { assignmentType, presentAssignment } from '../resources/present-app-role-assignment.ts';
import { createAssignmentFromBody } from './create-assignment.ts';

/** From where assignments are looked at: what a resource gave, or what a principal holds. */
export interface Side {
  /** The set of the one that the path names, as contexts have it. */
  set: 'users' | 'groups' | 'servicePrincipals';
  relation: 'appRoleAssignedTo' | 'appRoleAssignments';
  /** The resource, or the principal, that the path names. */
  find: (call: GraphCall) => { id: string };
}

/**
 * The roles of an API or an app that were given, and to whom: list, read, give and take.
 *
 * @param places the places of reading and of writing operations, with the permissions that each takes
 */
export function assignmentOperations(
  side: Side,
  { read, write }: { read: Places; write: Places },
): GraphOperation[] {
  const one = `/${side.relation}/:assignmentId`;
  return [
    ...read(`/${side.relation}`, { method: 'GET', handle: (call) => listAssignments(call, side) }),
    ...read(one, { method: 'GET', handle: (call) => getAssignment(call, side) }),
    ...write(`/${side.relation}`, {
      method: 'POST',
      handle: (call) => createAssignmentFromBody(call, side.find(call), side),
    }),
    ...write(one, { method: 'DELETE', handle: (call) => deleteAssignment(call, side) }),
  ];
}

function listAssignments(call: GraphCall, side: Side): GraphAnswer {
  const { directory } = call.context;
  const { id } = side.find(call);
  return answerCollection(call, {
    context: `${side.set}('${id}')/${side.relation}`,
    type: assignmentType,
    objects: narrowTo(assignmentsOf(call, id, side), (assignment) =>
      presentAssignment(directory, assignment),
    ),
  });
}

function getAssignment(call: GraphCall, side: Side): GraphAnswer {
  const { id } = side.find(call);
  return answerEntity(call, {
    context: `${side.set}('${id}')/${side.relation}`,
    type: assignmentType,
    resource: presentAssignment(call.context.directory, findAssignment(call, side).assignment),
  });
}

function deleteAssignment(call: GraphCall, side: Side): GraphAnswer {
  const { assignment, resource } = findAssignment(call, side);
  requireAppRoleAdministrator(call.caller, resource);
  deleteAppRoleAssignment(call.context.directory, assignment.id);
  return { status: 204 };
}

/** @throws GraphError 404 */
function findAssignment(
  call: GraphCall,
  side: Side,
): { assignment: AppRoleAssignment; resource: ServicePrincipal } {
  const { assignmentId = '' } = call.params;
  const assignment = assignmentsOf(call, side.find(call).id, side).find(({ id }) => id === assignmentId);
  const resource =
    assignment && findServicePrincipal(call.context.directory, call.caller.tenant.id, assignment.resourceId);
  if (!resource) throw resourceNotFound(assignmentId);
  return { assignment, resource };
}

function assignmentsOf(
  { context: { directory } }: GraphCall,
  id: string,
  { relation }: Side,
): AppRoleAssignment[] {
  return relation === 'appRoleAssignedTo'
    ? listAppRoleAssignedTo(directory, id)
    : listAppRoleAssignments(directory, id);
}
