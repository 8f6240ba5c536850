import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import type { DataverseCall } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { addPair } from '../records/associate-records.ts';
import { findByValues } from '../records/record-key.ts';
import type { StoredRecord, Value } from '../storage/record-store.ts';
import { administratorRole, roleIdOf } from './roles.ts';

const nonInteractive = 4;

/**
 * Completes the values of a new application user: `# ` and the app's name for a name, the object id of its
 * service principal, the caller's business unit. People are not made this way, they come from the directory.
 *
 * @throws DataverseError 400 without `applicationid`, 412 when the app has a user already
 */
export function prepareApplicationUser(call: DataverseCall, values: Record<string, Value>): void {
  const { applicationid: applicationId } = values;
  if (typeof applicationId !== 'string') {
    const problem =
      "'applicationid' is missing. People become users of the environment by signing in with a licence; POST makes application users.";
    throw new DataverseError('invalidArgument', problem);
  }
  if (findByValues(call.store, 'systemuser', { applicationid: applicationId })) {
    throw new DataverseError('duplicateRecord', 'A user with this application id exists already.');
  }
  const { context, environment, caller } = call;
  const principal = findServicePrincipalByAppId(context.directory, environment.tenantId, applicationId);
  values.firstname ??= '#';
  values.lastname ??= principal?.displayName ?? applicationId;
  values.domainname ??= applicationId;
  values.azureactivedirectoryobjectid = principal?.id ?? null;
  values.accessmode = nonInteractive;
  values.businessunitid ??= { table: 'businessunit', id: caller.businessUnitId };
}

/**
 * A new application user gets System Administrator unless the request binds roles of its own (an empty list
 * binds none). The real service gives none and leaves that to a second request.
 */
export function giveDefaultRole(call: DataverseCall, userId: string): void {
  const role = { table: 'role', id: roleIdOf(call.store, administratorRole) };
  addPair(call, 'systemuserroles', { table: 'systemuser', id: userId }, role);
}

/** @throws DataverseError 405 unless it is an application user that was disabled before */
export function checkApplicationUserDeletable({ values }: StoredRecord): void {
  if (typeof values.applicationid === 'string' && values.isdisabled === true) return;
  const problem = 'Only application users can be deleted, and only once they are disabled.';
  throw new DataverseError('operationNotAllowed', problem);
}
