import { softDeleteUser } from '../../directory/deleted-users.ts';
import { revokeSignInSessions } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { objectIdOf, requireUserAdministrator } from '../access/person-rules.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../operation/graph-operation.ts';
import { readOperations } from '../query/set-operations.ts';
import { presentUser, userType } from '../resources/present-user.ts';
import { createUserFromBody } from './create-user.ts';
import { userRelations } from './membership-operations.ts';
import { updateUserFromBody } from './update-user.ts';
import { findAddressedUser, forPerson, tenantUsers } from './user-set.ts';

const own = [permissionRules.readMe];
const any = [permissionRules.readUsers];
const changeOwn = [permissionRules.updateMe];
const change = [permissionRules.updateUsers];
const write = [permissionRules.writeUsers];
const remove = [permissionRules.deleteUsers];

/** `/me` and `/users`: read, list, change, end sign-ins. */
export const peopleOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: 'users',
      type: userType,
      objects: tenantUsers,
      read: (call) => presentUser(findAddressedUser(call)),
      relations: userRelations,
    },
    any,
    (suffix, operation) => forPerson(suffix, { ...operation, own, any }),
  ),
  { method: 'POST', path: '/users', permissions: write, handle: createUserFromBody },
  { method: 'DELETE', path: '/users/:id', permissions: remove, handle: deleteUser },
  { method: 'DELETE', path: '/users:key', permissions: remove, handle: deleteUser },
  ...forPerson('', { method: 'PATCH', own: changeOwn, any: change, handle: updateUserFromBody }),
  ...forPerson('/revokeSignInSessions', {
    method: 'POST',
    own: [permissionRules.revokeOwnSessions],
    any: [permissionRules.revokeSessions],
    handle: revokeSessions,
  }),
];

/** They can be restored for 30 days; until then nobody is called so, and what they hold opens nothing. */
function deleteUser(call: GraphCall): GraphAnswer {
  const user = findAddressedUser(call);
  requireUserAdministrator(call.caller, user);
  softDeleteUser(call.context.directory, user);
  return { status: 204 };
}

/** Refresh tokens and browser sessions end; access tokens that were issued live on until they expire. @throws GraphError 403, 404 */
export function revokeSessions(call: GraphCall): GraphAnswer {
  const user = findAddressedUser(call);
  if (user.id !== objectIdOf(call.caller)) requireUserAdministrator(call.caller, user);
  revokeSignInSessions(call.context.directory, user.id);
  return {
    status: 200,
    body: { '@odata.context': `${call.serviceRoot}/$metadata#Edm.Boolean`, value: true },
  };
}
