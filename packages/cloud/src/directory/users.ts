import {
  isAnything,
  isFlag,
  isNumber,
  isText,
  listOf,
  objectOf,
  oneOf,
  optional,
  orNull,
  readRow,
  recordOf,
} from '../ground/read-row.ts';
import { hashFirstPassword, hashPassword, passwordMatchesHash } from './hash-password.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';
import { type UserConditions, userConditionsSchema } from './user-conditions.ts';

const directoryRoleNames = [
  'Global Administrator',
  'Privileged Role Administrator',
  'Application Administrator',
  'Cloud Application Administrator',
  'User Administrator',
] as const;

/** Directory roles that this cloud knows; names as Entra ID displays them. */
export type DirectoryRole = (typeof directoryRoleNames)[number];

/** Licences decide what first-party services let a person in. */
export type Licence = 'dynamics-365-sales';

export interface UserProfile {
  displayName: string;
  givenName: string | null;
  surname: string | null;
  mail: string | null;
  jobTitle: string | null;
  enabled: boolean;
  directoryRoles: DirectoryRole[];
  licences: Licence[];
  /** When the account was made, epoch milliseconds; absent in what an earlier version stored. */
  createdAt?: number;
  /** What else Graph keeps of a person, by the names of its properties. */
  properties?: Record<string, unknown>;
  /** When the password was changed last, epoch milliseconds: browsers that signed in before have to again. */
  passwordChangedAt?: number;
  /** What differs from the usual; read it by `userConditions`. */
  conditions?: Partial<UserConditions>;
}

export interface User extends UserProfile {
  id: string;
  tenantId: string;
  /** Lower case; sign-in names ignore case. */
  userPrincipalName: string;
  /** Grants issued before this moment (epoch ms) are revoked (AADSTS50173). */
  tokensValidFrom: number;
}

export interface UserRow {
  id: string;
  tenant_id: string;
  user_principal_name: string;
  password_hash: string;
  tokens_valid_from: number;
  profile: string;
  deleted_at: number | null;
}

const profileSchema = objectOf<UserProfile>({
  displayName: isText,
  givenName: orNull(isText),
  surname: orNull(isText),
  mail: orNull(isText),
  jobTitle: orNull(isText),
  enabled: isFlag,
  directoryRoles: listOf(oneOf(...directoryRoleNames)),
  licences: listOf(oneOf('dynamics-365-sales')),
  createdAt: optional(isNumber),
  properties: optional(recordOf(isAnything)),
  passwordChangedAt: optional(isNumber),
  conditions: optional(userConditionsSchema),
});

/** Makes a person, now unless it is said when. */
export function createUser(
  directory: Directory,
  user: Omit<User, 'tokensValidFrom'> & { password: string },
): void {
  const { id, tenantId, userPrincipalName, password, ...profile } = user;
  directory
    .prepare(
      `INSERT INTO users (id, tenant_id, user_principal_name, password_hash, tokens_valid_from, profile)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      tenantId,
      userPrincipalName.toLowerCase(),
      hashFirstPassword(password),
      0,
      JSON.stringify({ createdAt: directory.clock.now(), ...profile }),
    );
}

/** Finds a living user, whatever the tenant. */
export function findUser(directory: Directory, id: string): User | undefined {
  const row = selectOne<UserRow>(directory, 'SELECT * FROM users WHERE id = ? AND deleted_at IS NULL', id);
  return row && toUser(row);
}

/** Finds a living user by sign-in name (UPN), whatever the case and the tenant. */
export function findUserByName(directory: Directory, userPrincipalName: string): User | undefined {
  const row = selectOne<UserRow>(
    directory,
    'SELECT * FROM users WHERE user_principal_name = ? AND deleted_at IS NULL',
    userPrincipalName.trim().toLowerCase(),
  );
  return row && toUser(row);
}

export function listUsers(directory: Directory, tenantId: string): User[] {
  return selectAll<UserRow>(
    directory,
    'SELECT * FROM users WHERE tenant_id = ? AND deleted_at IS NULL ORDER BY user_principal_name',
    tenantId,
  ).map(toUser);
}

export function passwordMatches(directory: Directory, userId: string, password: string): boolean {
  const row = selectOne<UserRow>(directory, 'SELECT password_hash FROM users WHERE id = ?', userId);
  return row !== undefined && passwordMatchesHash(password, row.password_hash);
}

/** Changes profile fields, e.g. `{ enabled: false }`. */
export function updateUserProfile(directory: Directory, userId: string, changes: Partial<UserProfile>): void {
  const user = findUser(directory, userId);
  if (!user) return;
  const { id, tenantId: _tenant, userPrincipalName: _name, tokensValidFrom: _from, ...profile } = user;
  directory
    .prepare('UPDATE users SET profile = ? WHERE id = ?')
    .run(JSON.stringify({ ...profile, ...changes }), id);
}

/** Gives a person another sign-in name. @throws the SQLite constraint error when somebody has it already */
export function renameUser(directory: Directory, userId: string, userPrincipalName: string): void {
  directory
    .prepare('UPDATE users SET user_principal_name = ? WHERE id = ?')
    .run(userPrincipalName.toLowerCase(), userId);
}

/** Changes what stands in a person's way, e.g. `{ secondFactor: 'required' }`; the rest stays. */
export function setUserConditions(directory: Directory, user: User, changes: Partial<UserConditions>): void {
  updateUserProfile(directory, user.id, { conditions: { ...user.conditions, ...changes } });
}

/** Sets a new password. Refresh tokens live on, as after a change by the person themselves. */
export function setPassword(directory: Directory, userId: string, password: string): void {
  directory.prepare('UPDATE users SET password_hash = ? WHERE id = ?').run(hashPassword(password), userId);
}

/** The person or an administrator changed the password: sessions in browsers that began before are over. */
export function notePasswordChange(directory: Directory, userId: string): void {
  updateUserProfile(directory, userId, { passwordChangedAt: directory.clock.now() });
}

/** Microsoft Graph's `revokeSignInSessions`: refresh tokens and sessions made before now stop working. */
export function revokeSignInSessions(directory: Directory, userId: string): void {
  directory.prepare('UPDATE users SET tokens_valid_from = ? WHERE id = ?').run(directory.clock.now(), userId);
}

/** The kept hash of a password, for an export; it serves `setPasswordHash` alone. */
export function passwordHashOf(directory: Directory, userId: string): string | undefined {
  return selectOne<{ password_hash: string }>(
    directory,
    'SELECT password_hash FROM users WHERE id = ?',
    userId,
  )?.password_hash;
}

export function setPasswordHash(directory: Directory, userId: string, passwordHash: string): void {
  directory.prepare('UPDATE users SET password_hash = ? WHERE id = ?').run(passwordHash, userId);
}

/** What a row of the table `users` says. */
export function toUser(row: UserRow): User {
  return {
    ...readRow(profileSchema, row.profile),
    id: row.id,
    tenantId: row.tenant_id,
    userPrincipalName: row.user_principal_name,
    tokensValidFrom: row.tokens_valid_from,
  };
}
