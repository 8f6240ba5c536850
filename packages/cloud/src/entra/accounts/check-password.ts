import { aadsts } from '@latchkey/microsoft';
import { userConditions } from '../../directory/user-conditions.ts';
import { findUserByName, passwordMatches, type User } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { forgetWrongPasswords, isLockedOut, noteWrongPassword } from './smart-lockout.ts';

/** A password that was checked. The right one of an account that needs a new one is told apart: the page asks for it. */
export type PasswordVerdict =
  | { accepted: true; user: User }
  | { accepted: false; refusal: EntraError; reason: 'name' | 'password' | 'account' }
  | { accepted: false; refusal: EntraError; reason: 'new_password_needed'; user: User };

/**
 * Checks a name and a password. What is wrong with the account is told only to who knows its password, the lock
 * excepted.
 *
 * Refusals: 50034 unknown name, 50053 locked, 50126 wrong password, 50057 disabled, 50055 password expired, 50144
 * password has to be changed.
 */
export function checkPassword(
  context: Pick<EntraContext, 'directory' | 'clock'>,
  { name, password, tenant }: { name: string; password: string; tenant: string },
): PasswordVerdict {
  const user = findUserByName(context.directory, name);
  if (!user) {
    return {
      accepted: false,
      refusal: new EntraError(aadsts.userAccountNotFound, { user: name, tenant }),
      reason: 'name',
    };
  }
  const conditions = userConditions(user);
  if (conditions.isLocked || isLockedOut(context, user.id)) {
    return { accepted: false, refusal: new EntraError(aadsts.accountLocked), reason: 'account' };
  }
  if (!passwordMatches(context.directory, user.id, password)) {
    noteWrongPassword(context, user.id);
    return { accepted: false, refusal: new EntraError(aadsts.invalidUserNameOrPassword), reason: 'password' };
  }
  forgetWrongPasswords(context, user.id);
  if (!user.enabled)
    return { accepted: false, refusal: new EntraError(aadsts.userDisabled), reason: 'account' };
  if (conditions.password === 'good') return { accepted: true, user };
  const refusal = new EntraError(
    conditions.password === 'expired' ? aadsts.expiredPassword : aadsts.expiredOnPremisesPassword,
  );
  return { accepted: false, refusal, reason: 'new_password_needed', user };
}
