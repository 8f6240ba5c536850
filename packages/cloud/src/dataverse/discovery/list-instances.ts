import { findUser, type User } from '../../directory/users.ts';
import type { AccessTokenClaims } from '../../jwt/verify-access-token.ts';
import type { Dataverse, Dataverses } from '../call/dataverse-call.ts';
import { findSystemUserOf, isLicensed } from '../users/directory-users.ts';
import { administratorRole, rolesOf } from '../users/roles.ts';
import { type Instance, presentInstance } from './instance.ts';

/** How the caller reaches an environment, or null where this discovery service does not tell of it. */
export type Reach = (dataverse: Dataverse) => { url: string; apiUrl: string } | null;

/**
 * The environments that a person may use: those of their tenant where they hold a licence and are not disabled.
 * Whoever never came is told of them too, since the first call makes them a user.
 */
export function listInstances(
  dataverses: Dataverses,
  { tid, oid }: Pick<AccessTokenClaims, 'tid' | 'oid'>,
  reach: Reach,
): Instance[] {
  return dataverses.list(tid).flatMap((dataverse) => {
    const origins = reach(dataverse);
    const person = findUser(dataverse.context.directory, oid);
    if (!origins || !person || !isLicensed(dataverse, person)) return [];
    const user = findSystemUserOf(dataverse, oid);
    if (user?.values.isdisabled === true) return [];
    const isAdministrator = user
      ? rolesOf(dataverse.store, user.id).some(({ name }) => name === administratorRole)
      : willAdminister(person);
    return [presentInstance(dataverse, { isAdministrator, origins })];
  });
}

/** Who administers the directory administers the environment from the first call on. */
function willAdminister({ directoryRoles }: User): boolean {
  return directoryRoles.includes('Global Administrator');
}
