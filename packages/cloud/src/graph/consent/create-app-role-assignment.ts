import { createAppRoleAssignment, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { offeredRoles } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipal, type ServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import { requireAppRoleAdministrator } from '../access/person-rules.ts';
import { badRequest, invalidValue, resourceNotFound } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readBody, readGuid } from '../operation/read-body.ts';
import { answerCreated } from '../query/answer-entity.ts';
import {
  assignmentContext,
  assignmentType,
  presentAssignment,
  type Side,
} from '../resources/present-app-role-assignment.ts';
import { findAddressedPrincipal } from '../service-principals/find-addressed-principal.ts';

/** Default access, for a resource that offers no roles to this kind of principal. */
const defaultAccessRole = '00000000-0000-0000-0000-000000000000';

type Principal = { id: string; type: 'ServicePrincipal' | 'User' };

/**
 * Gives an application permission: `POST …/appRoleAssignedTo` on the resource, or `…/appRoleAssignments` on the
 * one who gets it. The id in the path must be the matching one of the body.
 */
export function createAssignmentFromBody(side: Side): (call: GraphCall) => GraphAnswer {
  return (call) => {
    const { directory } = call.context;
    const tenantId = call.caller.tenant.id;
    const addressed = findAddressedPrincipal(call);
    const body = readBody(call.body, ['principalId', 'resourceId', 'appRoleId']);
    const resourceId = readGuid(body.resourceId, 'resourceId');
    const principalId = readGuid(body.principalId, 'principalId');
    const appRoleId = readGuid(body.appRoleId, 'appRoleId');
    const property = side === 'assignedTo' ? 'resourceId' : 'principalId';
    if (addressed.id !== (side === 'assignedTo' ? resourceId : principalId)) {
      throw invalidValue(property, 'It must be the id of the service principal in the address.');
    }
    const resource = findServicePrincipal(directory, tenantId, resourceId);
    if (!resource) throw resourceNotFound(resourceId);
    requireAppRoleAdministrator(call.caller, resource);
    const principal = findPrincipal(directory, tenantId, principalId);
    checkRole(resource, principal, appRoleId);
    const held = listAppRoleAssignments(directory, principalId, resourceId);
    if (held.some((assignment) => assignment.appRoleId === appRoleId)) {
      throw badRequest('Permission being assigned already exists on the object', {
        code: 'InvalidUpdate',
        message: 'Permission being assigned already exists on the object',
        target: 'appRoleId',
      });
    }
    const assignment = createAppRoleAssignment(directory, {
      tenantId,
      appRoleId,
      principalId,
      principalType: principal.type,
      resourceId,
    });
    return answerCreated(call, {
      context: assignmentContext(addressed.id, side),
      type: assignmentType,
      resource: presentAssignment(directory, assignment),
    });
  };
}

function findPrincipal(directory: Directory, tenantId: string, id: string): Principal {
  if (findServicePrincipal(directory, tenantId, id)) return { id, type: 'ServicePrincipal' };
  if (findUser(directory, id)?.tenantId === tenantId) return { id, type: 'User' };
  throw resourceNotFound(id);
}

function checkRole(resource: ServicePrincipal, principal: Principal, appRoleId: string): void {
  const memberType = principal.type === 'User' ? 'User' : 'Application';
  const offered = offeredRoles(resource).filter(
    (role) => role.isEnabled && role.allowedMemberTypes.includes(memberType),
  );
  const known =
    appRoleId === defaultAccessRole ? offered.length === 0 : offered.some((role) => role.id === appRoleId);
  if (!known) {
    throw badRequest(`Permission being assigned was not found on application '${resource.appId}'`, {
      code: 'InvalidUpdate',
      message: `'${resource.displayName}' offers no such role to a principal of type ${principal.type}.`,
      target: 'appRoleId',
    });
  }
}
