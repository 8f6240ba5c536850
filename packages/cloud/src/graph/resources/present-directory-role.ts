import { directoryRoleId, directoryRoles } from '../../directory/directory-roles.ts';
import type { DirectoryRole } from '../../directory/users.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** A role as one tenant has it; every role that this cloud knows is activated from the start. */
export function presentDirectoryRole(tenantId: string, role: DirectoryRole): GraphResource & { id: string } {
  const { description, templateId } = directoryRoles[role];
  return {
    id: directoryRoleId(tenantId, role),
    deletedDateTime: null,
    description,
    displayName: role,
    roleTemplateId: templateId,
  };
}

export const directoryRoleType: ResourceType = {
  name: 'directoryRole',
  properties: ['id', 'deletedDateTime', 'description', 'displayName', 'roleTemplateId'],
};

export const knownRoles: readonly DirectoryRole[] = [
  'Global Administrator',
  'Privileged Role Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
  'User Administrator',
];
