import { directoryRoles, listRoleHolderIds } from '../../directory/directory-roles.ts';
import { type DirectoryRole, findUser, updateUserProfile } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireRoleAdministrator } from '../access/person-rules.ts';
import { badRequest, notAvailable, resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { readOnly } from '../operation/property-kinds.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { readBody, readGuid, readText } from '../operation/read-body.ts';
import { readPlainKey } from '../operation/read-key.ts';
import { answerCreated } from '../query/answer-entity.ts';
import type { Relations } from '../query/expand-relations.ts';
import { listedObjects } from '../query/object-set.ts';
import { readOperations } from '../query/set-operations.ts';
import { presentDirectoryObject } from '../resources/present-directory-object.ts';
import { knownRoles } from '../resources/present-directory-role.ts';
import { parseRoleAssignmentId, roleAssignmentId } from './role-assignment-id.ts';

const read = [permissionRules.readRoles];
const write = [permissionRules.writeRoles];
const definitions = 'roleManagement/directory/roleDefinitions';
const assignments = 'roleManagement/directory/roleAssignments';
/** The whole tenant; administrative units and single applications are narrower scopes. */
const wholeTenant = '/';
const maximumScopeLength = 1024;

/** Source: Microsoft Graph reference, "unifiedRoleDefinition resource type". */
const definitionProperties = {
  id: readOnly(),
  description: readOnly(),
  displayName: readOnly(),
  isBuiltIn: readOnly(true),
  isEnabled: readOnly(true),
  resourceScopes: readOnly([wholeTenant]),
  rolePermissions: readOnly([]),
  templateId: readOnly(),
  version: readOnly('1'),
};
const definitionType = toResourceType('unifiedRoleDefinition', definitionProperties);

/** Source: Microsoft Graph reference, "unifiedRoleAssignment resource type". */
const assignmentProperties = {
  id: readOnly(),
  appScopeId: readOnly(),
  condition: readOnly(),
  directoryScopeId: readOnly(wholeTenant),
  principalId: readOnly(),
  roleDefinitionId: readOnly(),
};
const assignmentType = toResourceType('unifiedRoleAssignment', assignmentProperties);

/** `/roleManagement/directory`: the directory roles and who holds them, in another form than `/directoryRoles`. */
export const roleManagementOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: definitions,
      type: definitionType,
      objects: () => listedObjects(knownRoles.map(presentDefinition)),
      read: (call) => presentDefinition(findRole(readPlainKey(call.params))),
    },
    read,
    belowKeys(definitions, read),
  ),
  ...readOperations(
    {
      set: assignments,
      type: assignmentType,
      objects: tenantAssignments,
      read: (call) => presentAssignment(findAssignment(call)),
      relations: assignmentRelations,
    },
    read,
    belowKeys(assignments, read),
  ),
  { method: 'POST', path: `/${assignments}`, permissions: write, handle: createAssignment },
  ...belowKeys(assignments, write)('', { method: 'DELETE', handle: deleteAssignment }),
];

interface Assignment {
  role: DirectoryRole;
  principalId: string;
}

function tenantAssignments({ context: { directory }, caller }: GraphCall) {
  const given = knownRoles.flatMap((role) =>
    listRoleHolderIds(directory, caller.tenant.id, role).map((principalId) => ({ role, principalId })),
  );
  return listedObjects(given.map(presentAssignment));
}

/** The role is effective at once, also with tokens that were issued before. */
function createAssignment(call: GraphCall): GraphAnswer {
  requireRoleAdministrator(call.caller);
  const body = readBody(call.body, [
    'roleDefinitionId',
    'principalId',
    'directoryScopeId',
    'appScopeId',
    'condition',
  ]);
  const role = findRole(readGuid(body.roleDefinitionId, 'roleDefinitionId'));
  const principalId = readGuid(body.principalId, 'principalId');
  requireWholeTenant(body);
  const user = findUser(call.context.directory, principalId);
  if (!user || user.tenantId !== call.caller.tenant.id) {
    if (presentDirectoryObject(call, principalId)) {
      throw notAvailable('A directory role of an object that is no person');
    }
    throw resourceNotFound(principalId);
  }
  if (user.directoryRoles.includes(role)) {
    const message =
      'A conflicting object with one or more of the specified property values is present in the directory.';
    throw badRequest(message, { code: 'ConflictingObjects', message, target: 'roleDefinitionId' });
  }
  setRoles(call, principalId, [...user.directoryRoles, role]);
  return answerCreated(call, {
    context: assignments,
    type: assignmentType,
    resource: presentAssignment({ role, principalId }),
  });
}

function deleteAssignment(call: GraphCall): GraphAnswer {
  requireRoleAdministrator(call.caller);
  const { role, principalId } = findAssignment(call);
  const held = findUser(call.context.directory, principalId)?.directoryRoles ?? [];
  setRoles(
    call,
    principalId,
    held.filter((other) => other !== role),
  );
  return { status: 204 };
}

function setRoles({ context }: GraphCall, userId: string, roles: DirectoryRole[]): void {
  updateUserProfile(context.directory, userId, { directoryRoles: roles });
}

/** @throws GraphError 400 for no scope, 501 for one of those that are narrower, and for conditions */
function requireWholeTenant({ directoryScopeId, appScopeId, condition }: GraphResource): void {
  if (appScopeId !== undefined && appScopeId !== null) throw notAvailable("A value of property 'appScopeId'");
  if (condition !== undefined && condition !== null) throw notAvailable("A value of property 'condition'");
  const scope = readText(directoryScopeId, 'directoryScopeId', maximumScopeLength);
  if (scope !== wholeTenant) throw notAvailable(`The scope '${scope}' of a directory role`);
}

/** A built-in role's id is that of its template. @throws GraphError 404 */
function findRole(id: string): DirectoryRole {
  const role = knownRoles.find((known) => directoryRoles[known].templateId === id.toLowerCase());
  if (!role) throw resourceNotFound(id);
  return role;
}

/** @throws GraphError 404 */
function findAssignment(call: GraphCall): Assignment {
  const id = readPlainKey(call.params);
  const { roleDefinitionId, principalId = '' } = parseRoleAssignmentId(id) ?? {};
  const role = knownRoles.find((known) => directoryRoles[known].templateId === roleDefinitionId);
  const user = findUser(call.context.directory, principalId);
  const isHeld = role !== undefined && user?.directoryRoles.includes(role);
  if (!isHeld || user?.tenantId !== call.caller.tenant.id) throw resourceNotFound(id);
  return { role, principalId };
}

function presentDefinition(role: DirectoryRole): GraphResource {
  const { description, templateId } = directoryRoles[role];
  return presentProperties(definitionProperties, {
    id: templateId,
    description,
    displayName: role,
    templateId,
  });
}

function presentAssignment({ role, principalId }: Assignment): GraphResource {
  const roleDefinitionId = directoryRoles[role].templateId;
  return presentProperties(assignmentProperties, {
    id: roleAssignmentId(roleDefinitionId, principalId),
    principalId,
    roleDefinitionId,
  });
}

function assignmentRelations(call: GraphCall): Relations {
  const find = (id: string) => findAssignment({ ...call, params: { id } });
  return {
    principal: (id) => presentDirectoryObject(call, find(id).principalId) ?? null,
    roleDefinition: (id) => presentDefinition(find(id).role),
  };
}
