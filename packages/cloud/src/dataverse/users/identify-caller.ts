import type { AccessTokenClaims } from '../../jwt/verify-access-token.ts';
import type { Caller, Dataverse } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { findByValues } from '../records/record-key.ts';
import { isReference, type RecordStore, type StoredRecord } from '../storage/record-store.ts';
import { addDirectoryUser, findDirectoryUser, findSystemUserOf, isLicensed } from './directory-users.ts';
import { administratorRole, rolesOf } from './roles.ts';

/**
 * Finds the user of the environment that a checked token stands for: the person by `oid`, the application
 * user by `appid`. A licensed person who comes for the first time becomes a user on the spot.
 *
 * @throws DataverseError 403: not a member, disabled, without licence, without role
 */
export function identifyCaller(dataverse: Dataverse, claims: AccessTokenClaims): Caller {
  const user =
    claims.scp === undefined ? findApplicationUser(dataverse, claims) : findPerson(dataverse, claims);
  const { businessunitid: businessUnit = null } = user.values;
  if (user.values.isdisabled === true || !isReference(businessUnit)) {
    const problem = 'The specified user is either disabled or is not a member of any business unit.';
    throw new DataverseError('userDisabled', problem);
  }
  if (claims.scp !== undefined) checkLicence(dataverse, claims.oid);
  const roles = rolesOf(dataverse.store, user.id);
  if (roles.length === 0) throw new DataverseError('noRoles', 'The user has not been assigned any roles.');
  return {
    userId: user.id,
    businessUnitId: businessUnit.id,
    roleCount: roles.length,
    isAdministrator: roles.some((role) => role.name === administratorRole),
  };
}

function findApplicationUser({ store }: Dataverse, claims: AccessTokenClaims): StoredRecord {
  const applicationId = claims.appid ?? claims.azp;
  const user = applicationId && findByValues(store, 'systemuser', { applicationid: applicationId });
  if (user) return user;
  throw notAMember();
}

function findPerson(dataverse: Dataverse, { oid }: AccessTokenClaims): StoredRecord {
  const known = findSystemUserOf(dataverse, oid);
  if (known) return known;
  const person = findDirectoryUser(dataverse, oid);
  if (!person) throw notAMember();
  checkLicence(dataverse, oid);
  const id = dataverse.context.random.guid();
  const businessUnitId = rootBusinessUnitId(dataverse.store);
  return addDirectoryUser(dataverse, person, { id, createdBy: id, businessUnitId });
}

function checkLicence(dataverse: Dataverse, objectId: string): void {
  const person = findDirectoryUser(dataverse, objectId);
  if (person && isLicensed(dataverse, person)) return;
  throw new DataverseError('noLicence', 'The user has not been assigned any License');
}

function notAMember(): DataverseError {
  return new DataverseError('notAMember', 'The user is not a member of the organization.');
}

/**
 * The business unit at the root, which every environment has.
 *
 * @throws Error when there is none: it is made with the environment and can't be deleted
 */
function rootBusinessUnitId(store: RecordStore): string {
  for (const unit of store.list('businessunit')) {
    if (unit.values.parentbusinessunitid === undefined) return unit.id;
  }
  throw new Error('The environment has no root business unit');
}
