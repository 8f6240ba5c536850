import { directoryRoleId, directoryRoles, listRoleHolderIds } from '../../directory/directory-roles.ts';
import { type DirectoryRole, findUser, type User, updateUserProfile } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireRoleAdministrator } from '../access/person-rules.ts';
import { badRequest, resourceNotFound } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import { parseKey } from '../operation/read-key.ts';
import { readObjectReference } from '../operation/read-object-reference.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { listedObjects } from '../query/object-set.ts';
import { readOperations } from '../query/set-operations.ts';
import { typed } from '../resources/present-directory-object.ts';
import { directoryRoleType, knownRoles, presentDirectoryRole } from '../resources/present-directory-role.ts';
import { presentUser } from '../resources/present-user.ts';

const read = [permissionRules.readRoles];
const forReader = belowKeys('directoryRoles', read);
const forWriter = belowKeys('directoryRoles', [permissionRules.writeRoles]);

/** `/directoryRoles` and who holds them. */
export const directoryRoleOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: 'directoryRoles',
      type: directoryRoleType,
      objects: ({ caller }) =>
        listedObjects(knownRoles.map((role) => presentDirectoryRole(caller.tenant.id, role))),
      read: (call) => presentDirectoryRole(call.caller.tenant.id, findAddressedRole(call)),
      relations: (call) => ({ members: (id) => presentMembers({ ...call, params: { id } }) }),
    },
    read,
    forReader,
  ),
  ...mixedCollectionOperations('/members', presentMembers, forReader),
  ...forWriter('/members/$ref', { method: 'POST', handle: addMemberByReference }),
  ...forWriter('/members/:member/$ref', { method: 'DELETE', handle: removeMemberByReference }),
];

function presentMembers(call: GraphCall): GraphResource[] {
  return membersOf(call, findAddressedRole(call)).map((user) => typed('user', presentUser(user)));
}

function membersOf({ context: { directory }, caller }: GraphCall, role: DirectoryRole): User[] {
  return listRoleHolderIds(directory, caller.tenant.id, role)
    .map((id) => findUser(directory, id))
    .filter((user) => user !== undefined);
}

function addMemberByReference(call: GraphCall): GraphAnswer {
  requireRoleAdministrator(call.caller);
  const role = findAddressedRole(call);
  const user = findMember(call, readObjectReference(call.body));
  if (user.directoryRoles.includes(role)) {
    throw badRequest(
      "One or more added object references already exist for the following modified properties: 'members'.",
    );
  }
  updateUserProfile(call.context.directory, user.id, { directoryRoles: [...user.directoryRoles, role] });
  return { status: 204 };
}

function removeMemberByReference(call: GraphCall): GraphAnswer {
  requireRoleAdministrator(call.caller);
  const role = findAddressedRole(call);
  const user = findMember(call, call.params.member ?? '');
  if (!user.directoryRoles.includes(role)) throw resourceNotFound(user.id);
  updateUserProfile(call.context.directory, user.id, {
    directoryRoles: user.directoryRoles.filter((held) => held !== role),
  });
  return { status: 204 };
}

/** People alone hold roles here. @throws GraphError 404 */
function findMember({ context, caller }: GraphCall, id: string): User {
  const user = findUser(context.directory, id.toLowerCase());
  if (!user || user.tenantId !== caller.tenant.id) throw resourceNotFound(id);
  return user;
}

/** By object id, `('…')`, `(id='…')` or `(roleTemplateId='…')`. @throws GraphError 400, 404 */
function findAddressedRole({ caller, params: { id, key } }: GraphCall): DirectoryRole {
  const { name = '', value } = (key === undefined ? { name: 'id', value: id } : parseKey(key)) ?? {};
  if (value === undefined || !['', 'id', 'roletemplateid'].includes(name)) {
    throw badRequest(`Resource not found for the segment '${key}'.`);
  }
  const role = knownRoles.find((known) =>
    name === 'roletemplateid'
      ? directoryRoles[known].templateId === value.toLowerCase()
      : directoryRoleId(caller.tenant.id, known) === value.toLowerCase(),
  );
  if (!role) throw resourceNotFound(value);
  return role;
}
