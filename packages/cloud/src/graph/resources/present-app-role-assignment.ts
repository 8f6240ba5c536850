import type { AppRoleAssignment } from '../../directory/app-role-assignments.ts';
import { findGroup } from '../../directory/groups.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findUser } from '../../directory/users.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import { presentMoment } from '../operation/present-moment.ts';
import type { ResourceType } from '../operation/resource-type.ts';

export const assignmentType: ResourceType = {
  name: 'appRoleAssignment',
  properties: [
    'id',
    'deletedDateTime',
    'appRoleId',
    'createdDateTime',
    'principalDisplayName',
    'principalId',
    'principalType',
    'resourceDisplayName',
    'resourceId',
  ],
};

export function presentAssignment(directory: Directory, assignment: AppRoleAssignment): GraphResource {
  const { tenantId, principalId, principalType, resourceId } = assignment;
  const principal =
    principalType === 'User'
      ? findUser(directory, principalId)
      : principalType === 'Group'
        ? findGroup(directory, tenantId, principalId)
        : findServicePrincipal(directory, tenantId, principalId);
  return {
    id: assignment.id,
    deletedDateTime: null,
    appRoleId: assignment.appRoleId,
    createdDateTime: presentMoment(assignment.createdAt),
    principalDisplayName: principal?.displayName ?? null,
    principalId,
    principalType,
    resourceDisplayName: findServicePrincipal(directory, tenantId, resourceId)?.displayName ?? null,
    resourceId,
  };
}
