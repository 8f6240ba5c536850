import {
  type Application,
  findApplicationByUniqueName,
  listDeletedApplications,
  purgeApplication,
  restoreApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { propertyConflict } from '../errors/graph-error.ts';
import { type DeletedKind, keepRestorable } from '../operation/deleted-kind.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { checkIdentifierUris } from './check-application.ts';

export const deletedApplicationKind: DeletedKind = {
  type: applicationType,
  context: 'applications',
  permissions: { read: [permissionRules.readApplications], write: [permissionRules.writeApplications] },
  list: (call) =>
    deletedApplications(call).map((application) => ({
      id: application.id,
      present: () => presentApplication(call.context.directory, application),
      restore: () => restoreDeletedApplication(call, application),
      purge: () => purgeDeletedApplication(call, application),
    })),
};

/** Applications of the caller's tenant that can still be restored. */
export function deletedApplications({ context: { directory, clock }, caller }: GraphCall): Application[] {
  return keepRestorable(listDeletedApplications(directory, caller.tenant.id), {
    now: clock.now(),
    purge: ({ id }) => purgeApplication(directory, id),
  });
}

/**
 * The application comes back; its service principal is restored by itself, or made again.
 *
 * @throws GraphError 403; 400 when another application has its `uniqueName` or one of its `identifierUris` by now
 */
export function restoreDeletedApplication(call: GraphCall, application: Application): GraphResource {
  const { directory } = call.context;
  requireApplicationManager(call.caller, directory, application);
  const { id, document } = application;
  const { uniqueName, identifierUris } = document;
  if (uniqueName !== undefined && findApplicationByUniqueName(directory, application.tenantId, uniqueName)) {
    throw propertyConflict('uniqueName');
  }
  checkIdentifierUris(directory, { tenant: call.caller.tenant, id, identifierUris });
  restoreApplication(directory, id);
  return presentApplication(directory, { ...application, deletedAt: null });
}

/** The final delete. @throws GraphError 403 */
export function purgeDeletedApplication(call: GraphCall, application: Application): void {
  const { directory } = call.context;
  requireApplicationManager(call.caller, directory, application);
  purgeApplication(directory, application.id);
}
