import { findUser, type Licence, type User } from '../../directory/users.ts';
import type { Dataverse } from '../call/dataverse-call.ts';
import { addPair } from '../records/associate-records.ts';
import { findByValues } from '../records/record-key.ts';
import { writeRecord } from '../records/write-record.ts';
import type { StoredRecord } from '../storage/record-store.ts';
import { tableNamed } from '../tables/schema.ts';
import { administratorRole, roleIdOf, salespersonRole } from './roles.ts';

/** The licence that lets a person into the CRM. */
const requiredLicence: Licence = 'dynamics-365-sales';

/** Whether somebody of the environment's tenant, enabled, holds the CRM licence. */
export function isLicensed({ environment }: Pick<Dataverse, 'environment'>, user: User): boolean {
  return user.tenantId === environment.tenantId && user.enabled && user.licences.includes(requiredLicence);
}

/** The person of the directory with this object id, if of the environment's tenant. */
export function findDirectoryUser({ context, environment }: Dataverse, objectId: string): User | undefined {
  const user = findUser(context.directory, objectId);
  return user?.tenantId === environment.tenantId ? user : undefined;
}

export function findSystemUserOf(
  { store }: Pick<Dataverse, 'store'>,
  objectId: string,
): StoredRecord | undefined {
  return findByValues(store, 'systemuser', { azureactivedirectoryobjectid: objectId });
}

/**
 * Makes the row of a licensed person, as the real service does at the first access: administrators of the
 * directory become System Administrators, everybody else gets the role Salesperson.
 *
 * @param createdBy `systemuserid` that the row's history names
 */
export function addDirectoryUser(
  { store, context }: Pick<Dataverse, 'store' | 'context'>,
  user: User,
  { id, createdBy, businessUnitId }: { id: string; createdBy: string; businessUnitId: string },
): StoredRecord {
  return store.transaction(() => {
    const scope = { store, userId: createdBy, now: context.clock.now() };
    const record = writeRecord(
      scope,
      tableNamed('systemuser'),
      { id },
      {
        firstname: user.givenName,
        lastname: user.surname,
        domainname: user.userPrincipalName,
        internalemailaddress: user.mail,
        title: user.jobTitle,
        azureactivedirectoryobjectid: user.id,
        businessunitid: { table: 'businessunit', id: businessUnitId },
      },
    );
    const isAdministrator = user.directoryRoles.includes('Global Administrator');
    const roleName = isAdministrator ? administratorRole : salespersonRole;
    const role = { table: 'role', id: roleIdOf(store, roleName) };
    addPair({ store, context }, 'systemuserroles', { table: 'systemuser', id }, role);
    return record;
  });
}
