import type { UserConditions } from '../../directory/user-conditions.ts';
import {
  type DirectoryRole,
  type Licence,
  setUserConditions,
  type User,
  updateUserProfile,
} from '../../directory/users.ts';
import { requireRoleAdministrator, requireUserAdministrator } from '../access/person-rules.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { findAddressedUser } from './user-set.ts';

/**
 * Gives the addressed person exactly these directory roles.
 *
 * @throws GraphError 403 when roles change and the caller may give none, 404
 */
export function assignDirectoryRoles(call: GraphCall, directoryRoles: DirectoryRole[]): void {
  const user = findAddressedUser(call);
  if (!isSameSet(user.directoryRoles, directoryRoles)) requireRoleAdministrator(call.caller);
  updateUserProfile(call.context.directory, user.id, { directoryRoles });
}

/** Gives the addressed person exactly these licences. @throws GraphError 403, 404 */
export function assignLicences(call: GraphCall, licences: Licence[]): void {
  updateUserProfile(call.context.directory, administeredUser(call).id, { licences });
}

/** Settles what stands between the addressed person and a token. @throws GraphError 403, 404 */
export function changeUserConditions(call: GraphCall, conditions: Partial<UserConditions>): void {
  setUserConditions(call.context.directory, administeredUser(call), conditions);
}

function administeredUser(call: GraphCall): User {
  const user = findAddressedUser(call);
  requireUserAdministrator(call.caller, user);
  return user;
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item) => other.includes(item));
}
