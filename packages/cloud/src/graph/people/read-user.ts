import { mayBeginSignInName } from '../../directory/sign-in-name.ts';
import { findUserByName, type UserProfile } from '../../directory/users.ts';
import { isRecord } from '../../ground/json.ts';
import { isFlag, isText } from '../../ground/read-row.ts';
import { badRequest, type GraphError, propertyConflict } from '../errors/graph-error.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { mergeProperties } from '../operation/property-table.ts';

/** What a create or an update says of a person, by where it is kept; absent where it says nothing. */
export interface UserChanges {
  profile: Partial<UserProfile>;
  /** Lower case. */
  userPrincipalName?: string;
  password: PasswordChange;
}

interface PasswordChange {
  text?: string;
  /** Whether it has to be changed at the next sign-in. */
  mustChange?: boolean;
}

const leastPasswordLength = 8;
const leastCharacterKinds = 3;
const characterKinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/];
const weakPasswords = /\bDisableStrongPassword\b/i;

/**
 * Sorts the properties of a body, which were read by their table, by where the directory keeps them.
 *
 * @param kept what is kept of the person before; nothing of a new one
 * @throws GraphError 400 for a sign-in name that is no good or taken, and for a weak password
 */
export function toUserChanges(
  call: GraphCall,
  given: GraphResource,
  kept: Pick<UserProfile, 'properties'> & { id?: string } = {},
): UserChanges {
  const { accountEnabled, displayName, givenName, jobTitle, mail, surname, ...others } = given;
  const { passwordProfile, userPrincipalName, ...rest } = others;
  const properties = mergeProperties(kept.properties ?? {}, rest);
  const profile = {
    ...(isFlag(accountEnabled) && { enabled: accountEnabled }),
    ...(isText(displayName) && { displayName }),
    ...(givenName !== undefined && { givenName: textOrNull(givenName) }),
    ...(jobTitle !== undefined && { jobTitle: textOrNull(jobTitle) }),
    ...(mail !== undefined && { mail: textOrNull(mail) }),
    ...(surname !== undefined && { surname: textOrNull(surname) }),
    ...(Object.keys(rest).length > 0 && { properties }),
  };
  return {
    profile,
    ...(isText(userPrincipalName) && { userPrincipalName: readSignInName(call, userPrincipalName, kept.id) }),
    password: readPassword(passwordProfile, properties.passwordPolicies),
  };
}

/** @param ownId the person who has the name already, if any */
function readSignInName({ context, caller }: GraphCall, given: string, ownId: string | undefined): string {
  const name = given.toLowerCase();
  const [local = '', domain = '', ...rest] = name.split('@');
  if (rest.length > 0 || !mayBeginSignInName(local)) {
    throw invalidProperty('userPrincipalName', 'Property userPrincipalName is invalid.');
  }
  if (!caller.tenant.domains.includes(domain)) {
    throw invalidProperty(
      'userPrincipalName',
      'The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.',
    );
  }
  const holder = findUserByName(context.directory, name);
  if (holder && holder.id !== ownId) throw propertyConflict('userPrincipalName');
  return name;
}

/** As in the real service, a password that is set has to be changed at the next sign-in unless the caller says no. */
function readPassword(profile: unknown, policies: unknown): PasswordChange {
  if (!isRecord(profile)) return {};
  const {
    password,
    forceChangePasswordNextSignIn: force,
    forceChangePasswordNextSignInWithMfa: forceMfa,
  } = profile;
  const mustChange = isFlag(force) || isFlag(forceMfa) ? force === true || forceMfa === true : undefined;
  if (!isText(password)) return mustChange === undefined ? {} : { mustChange };
  const isWeakAllowed = isText(policies) && weakPasswords.test(policies);
  const kinds = characterKinds.filter((kind) => kind.test(password)).length;
  if (password.length < leastPasswordLength || (!isWeakAllowed && kinds < leastCharacterKinds)) {
    throw invalidProperty(
      'passwordProfile',
      'The specified password does not comply with password complexity requirements. Please provide a different password.',
    );
  }
  return { text: password, mustChange: mustChange ?? true };
}

function invalidProperty(target: string, message: string): GraphError {
  return badRequest(message, { code: 'InvalidValue', message, target });
}

function textOrNull(value: unknown): string | null {
  return isText(value) ? value : null;
}
