import {
  notePasswordChange,
  revokeSignInSessions,
  setPassword,
  setUserConditions,
  type UserProfile,
  updateUserProfile,
} from '../../directory/users.ts';
import { permissionRules, satisfies } from '../access/permission-rules.ts';
import { requireUserAdministrator } from '../access/person-rules.ts';
import { accessDenied, invalidValue } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readBody, readFlag, readRecord, readText, readTextOrNull } from '../operation/read-body.ts';
import { withoutUnchanged } from '../operation/without-unchanged.ts';
import { presentUser } from '../resources/present-user.ts';
import { findAddressedUser } from './user-set.ts';

const maximumNameLength = 256;
const maximumPartLength = 64;
const maximumTitleLength = 128;
const passwordLength = { least: 8, most: 256 };

const updatableProperties = [
  'accountEnabled',
  'displayName',
  'givenName',
  'surname',
  'jobTitle',
  'mail',
  'passwordProfile',
];

/** `PATCH /users/{id}`: switches an account on and off, renames, sets a password. */
export function updateUserFromBody(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const user = findAddressedUser(call);
  const sent = withoutUnchanged(call.body, presentUser(user), updatableProperties);
  const { passwordProfile, ...body } = readBody(sent, updatableProperties);
  const switchesOnly =
    passwordProfile === undefined && Object.keys(body).every((name) => name === 'accountEnabled');
  if (!switchesOnly && !satisfies(call.caller, permissionRules.writeUsers)) throw accessDenied();
  requireUserAdministrator(call.caller, user);
  const changes = readProfile(body);
  const password = passwordProfile === undefined ? null : readPassword(passwordProfile);
  directory.transaction(() => {
    updateUserProfile(directory, user.id, changes);
    if (!password) return;
    setPassword(directory, user.id, password.text);
    notePasswordChange(directory, user.id);
    // "Refresh tokens in the Microsoft identity platform": a reset by an administrator revokes them.
    revokeSignInSessions(directory, user.id);
    setUserConditions(
      directory,
      { ...user, ...changes },
      { password: password.mustChange ? 'must_change' : 'good' },
    );
  });
  return { status: 204 };
}

/** The properties of a person that a body changes. @throws GraphError 400 */
export function readProfile(body: Record<string, unknown>): Partial<UserProfile> {
  const { accountEnabled, displayName, givenName, surname, jobTitle, mail } = body;
  return {
    ...(accountEnabled !== undefined && { enabled: readFlag(accountEnabled, 'accountEnabled') }),
    ...(displayName !== undefined && {
      displayName: readText(displayName, 'displayName', maximumNameLength),
    }),
    ...(givenName !== undefined && { givenName: readText(givenName, 'givenName', maximumPartLength) }),
    ...(surname !== undefined && { surname: readText(surname, 'surname', maximumPartLength) }),
    ...(jobTitle !== undefined && { jobTitle: readTextOrNull(jobTitle, 'jobTitle', maximumTitleLength) }),
    ...(mail !== undefined && { mail: readTextOrNull(mail, 'mail', maximumNameLength) }),
  };
}

/**
 * As in the real service, a password that is set has to be changed at the next sign-in unless the caller says no.
 *
 * @throws GraphError 400
 */
export function readPassword(value: unknown): { text: string; mustChange: boolean } {
  const profile = readRecord(value, 'passwordProfile', [
    'password',
    'forceChangePasswordNextSignIn',
    'forceChangePasswordNextSignInWithMfa',
  ]);
  const text = readText(profile.password, 'passwordProfile.password', passwordLength.most);
  if (text.length < passwordLength.least) {
    throw invalidValue(
      'passwordProfile.password',
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    );
  }
  const { forceChangePasswordNextSignIn: force = true } = profile;
  return { text, mustChange: readFlag(force, 'passwordProfile.forceChangePasswordNextSignIn') };
}
