import {
  type AppRoleAssignment,
  createAppRoleAssignment,
  listAppRoleAssignments,
} from '../../directory/app-role-assignments.ts';
import { findGroup, isSecurityEnabled } from '../../directory/groups.ts';
import { offeredRoles } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipal, type ServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import { requireAppRoleAdministrator } from '../access/person-rules.ts';
import { badRequest, invalidValue, resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readBody, readGuid } from '../operation/read-body.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { assignmentType, presentAssignment } from '../resources/present-app-role-assignment.ts';

/** Default access, for a resource that offers no roles to this kind of principal. */
const defaultAccessRole = '00000000-0000-0000-0000-000000000000';

type PrincipalType = AppRoleAssignment['principalType'];

/**
 * Gives a role: `POST …/appRoleAssignedTo` on the resource, or `…/appRoleAssignments` on the one who gets it. The id in
 * the path must be the matching one of the body.
 *
 * @param addressed the resource or the principal that the path names
 * @throws GraphError 400, 403, 404
 */
export function createAssignmentFromBody(
  call: GraphCall,
  addressed: { id: string },
  { set, relation }: { set: string; relation: 'appRoleAssignedTo' | 'appRoleAssignments' },
): GraphAnswer {
  const { directory } = call.context;
  const tenantId = call.caller.tenant.id;
  const body = readBody(call.body, ['principalId', 'resourceId', 'appRoleId']);
  const resourceId = readGuid(body.resourceId, 'resourceId');
  const principalId = readGuid(body.principalId, 'principalId');
  const appRoleId = readGuid(body.appRoleId, 'appRoleId');
  const property = relation === 'appRoleAssignedTo' ? 'resourceId' : 'principalId';
  if (addressed.id !== (relation === 'appRoleAssignedTo' ? resourceId : principalId)) {
    throw invalidValue(property, 'It must be the id of the object in the address.');
  }
  const resource = findServicePrincipal(directory, tenantId, resourceId);
  if (!resource) throw resourceNotFound(resourceId);
  requireAppRoleAdministrator(call.caller, resource);
  const principalType = typeOfPrincipal(directory, tenantId, principalId);
  checkRole(resource, principalType, appRoleId);
  const held = listAppRoleAssignments(directory, principalId, resourceId);
  if (held.some((assignment) => assignment.appRoleId === appRoleId)) {
    const message = 'Permission being assigned already exists on the object';
    throw badRequest(message, { code: 'InvalidUpdate', message, target: 'appRoleId' });
  }
  const assignment = createAppRoleAssignment(directory, {
    tenantId,
    appRoleId,
    principalId,
    principalType,
    resourceId,
  });
  return answerCreated(call, {
    context: `${set}('${addressed.id}')/${relation}`,
    type: assignmentType,
    resource: presentAssignment(directory, assignment),
  });
}

/** @throws GraphError 404 for what can hold no role */
function typeOfPrincipal(directory: Directory, tenantId: string, id: string): PrincipalType {
  if (findServicePrincipal(directory, tenantId, id)) return 'ServicePrincipal';
  if (findUser(directory, id)?.tenantId === tenantId) return 'User';
  const group = findGroup(directory, tenantId, id);
  if (group && isSecurityEnabled(group)) return 'Group';
  throw resourceNotFound(id);
}

function checkRole(resource: ServicePrincipal, principalType: PrincipalType, appRoleId: string): void {
  const memberType = principalType === 'ServicePrincipal' ? 'Application' : 'User';
  const offered = offeredRoles(resource).filter(
    (role) => role.isEnabled && role.allowedMemberTypes.includes(memberType),
  );
  const known =
    appRoleId === defaultAccessRole ? offered.length === 0 : offered.some((role) => role.id === appRoleId);
  if (!known) {
    throw badRequest(`Permission being assigned was not found on application '${resource.appId}'`, {
      code: 'InvalidUpdate',
      message: `'${resource.displayName}' offers no such role to a principal of type ${principalType}.`,
      target: 'appRoleId',
    });
  }
}
