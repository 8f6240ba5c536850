import {
  notePasswordChange,
  renameUser,
  revokeSignInSessions,
  setPassword,
  setUserConditions,
  type User,
  updateUserProfile,
} from '../../directory/users.ts';
import { permissionRules, satisfies } from '../access/permission-rules.ts';
import { objectIdOf, requireUserAdministrator } from '../access/person-rules.ts';
import { accessDenied } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { readChanges } from '../operation/property-table.ts';
import { presentUser } from '../resources/present-user.ts';
import { ownProperties, userProperties } from '../resources/user-properties.ts';
import { toUserChanges, type UserChanges } from './read-user.ts';
import { findAddressedUser } from './user-set.ts';

/** Permissions that let their holder change these properties and no others ("Update user"). */
const particularRules = [
  { rule: permissionRules.enableUsers, properties: ['accountEnabled'] },
  { rule: permissionRules.writeUserMail, properties: ['mail', 'otherMails'] },
  { rule: permissionRules.writeUserPasswords, properties: ['passwordProfile'] },
  { rule: permissionRules.writeUserPhones, properties: ['businessPhones', 'mobilePhone'] },
];

/**
 * `PATCH /users/{id}` and `PATCH /me`: changes what a person is, switches the account on and off, sets a password.
 *
 * @throws GraphError 400, 403, 404
 */
export function updateUserFromBody(call: GraphCall): GraphAnswer {
  const user = findAddressedUser(call);
  const given = readChanges(call.body, userProperties, presentUser(user));
  requireChanger(call, user, given);
  const changes = toUserChanges(call, given, user);
  call.context.directory.transaction(() => applyChanges(call, user, changes));
  return { status: 204 };
}

/**
 * Takes a permission for each changed property. People change what is theirs to tell; anything else takes an
 * administrator.
 */
function requireChanger({ caller }: GraphCall, user: User, given: GraphResource): void {
  const names = Object.keys(given);
  const isOwn = user.id === objectIdOf(caller);
  const isPermitted =
    satisfies(caller, permissionRules.writeUsers) ||
    (isOwn && satisfies(caller, permissionRules.writeMe)) ||
    names.every((name) =>
      particularRules.some(({ rule, properties }) => properties.includes(name) && satisfies(caller, rule)),
    );
  if (!isPermitted) throw accessDenied();
  if (isOwn && names.every((name) => ownProperties.includes(name))) return;
  requireUserAdministrator(caller, user);
}

function applyChanges(
  { context: { directory } }: GraphCall,
  user: User,
  { profile, userPrincipalName, password }: UserChanges,
): void {
  updateUserProfile(directory, user.id, profile);
  if (userPrincipalName !== undefined) renameUser(directory, user.id, userPrincipalName);
  if (password.text !== undefined) {
    setPassword(directory, user.id, password.text);
    notePasswordChange(directory, user.id);
    // "Refresh tokens in the Microsoft identity platform": a reset by an administrator revokes them.
    revokeSignInSessions(directory, user.id);
  }
  if (password.mustChange === undefined) return;
  setUserConditions(
    directory,
    { ...user, ...profile },
    { password: password.mustChange ? 'must_change' : 'good' },
  );
}
