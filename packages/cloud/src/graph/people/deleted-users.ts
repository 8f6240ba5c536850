import {
  type DeletedUser,
  formerNameOf,
  listDeletedUsers,
  purgeUser,
  restoreUser,
} from '../../directory/deleted-users.ts';
import { findUserByName } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireUserAdministrator } from '../access/person-rules.ts';
import { propertyConflict } from '../errors/graph-error.ts';
import { type DeletedKind, keepRestorable } from '../operation/deleted-kind.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import { presentUser, userType } from '../resources/present-user.ts';

export const deletedUserKind: DeletedKind = {
  type: userType,
  context: 'users',
  permissions: { read: [permissionRules.readUsers], write: [permissionRules.deleteUsers] },
  list: (call) =>
    deletedUsers(call).map((user) => ({
      id: user.id,
      present: () => ({ ...presentUser(user), deletedDateTime: presentSecond(user.deletedAt) }),
      restore: () => restoreDeletedUser(call, user),
      purge() {
        requireUserAdministrator(call.caller, user);
        purgeUser(call.context.directory, user.id);
      },
    })),
};

function deletedUsers({ context: { directory, clock }, caller }: GraphCall): DeletedUser[] {
  return keepRestorable(listDeletedUsers(directory, caller.tenant.id), {
    now: clock.now(),
    purge: ({ id }) => purgeUser(directory, id),
  });
}

/** The person comes back with all that they had. @throws GraphError 403, 400 when their sign-in name is taken by now */
function restoreDeletedUser({ context: { directory }, caller }: GraphCall, user: DeletedUser): GraphResource {
  requireUserAdministrator(caller, user);
  const userPrincipalName = formerNameOf(user);
  if (findUserByName(directory, userPrincipalName)) throw propertyConflict('userPrincipalName');
  restoreUser(directory, user);
  return presentUser({ ...user, userPrincipalName });
}
