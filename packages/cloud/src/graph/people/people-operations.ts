import { softDeleteUser } from '../../directory/deleted-users.ts';
import { revokeSignInSessions } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { objectIdOf, requireUserAdministrator } from '../access/person-rules.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
} from '../operation/graph-operation.ts';
import { readOperations } from '../query/set-operations.ts';
import { presentUser, userType } from '../resources/present-user.ts';
import { createUserFromBody } from './create-user.ts';
import { userRelations } from './membership-operations.ts';
import { updateUserFromBody } from './update-user.ts';
import { findAddressedUser, forPerson, tenantUsers } from './user-set.ts';

const read = [permissionRules.readUsers];
const write = [permissionRules.writeUsers];

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
    read,
    forPerson({ own: [permissionRules.readMe], any: read }),
  ),
  { method: 'POST', path: '/users', permissions: write, handle: createUserFromBody },
  ...belowKeys('users', [permissionRules.deleteUsers])('', { method: 'DELETE', handle: deleteUser }),
  ...forPerson({ own: [permissionRules.updateMe], any: [permissionRules.updateUsers] })('', {
    method: 'PATCH',
    handle: updateUserFromBody,
  }),
  ...forPerson({ own: [permissionRules.revokeOwnSessions], any: [permissionRules.revokeSessions] })(
    '/revokeSignInSessions',
    { method: 'POST', handle: revokeSessions },
  ),
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
