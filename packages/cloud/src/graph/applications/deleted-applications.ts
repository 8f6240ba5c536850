import {
  type Application,
  findApplicationByUniqueName,
  listDeletedApplications,
  purgeApplication,
  restoreApplication,
} from '../../directory/applications.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import { badRequest } from '../errors/graph-error.ts';
import { type DeletedKind, keepRestorable } from '../operation/deleted-kind.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';

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
 * @throws GraphError 403; 400 when another application has its `uniqueName` by now
 */
export function restoreDeletedApplication(call: GraphCall, application: Application): GraphResource {
  const { directory } = call.context;
  requireApplicationManager(call.caller, directory, application);
  const { uniqueName } = application.document;
  if (uniqueName !== undefined && findApplicationByUniqueName(directory, application.tenantId, uniqueName)) {
    const message = 'Another object with the same value for property uniqueName already exists.';
    throw badRequest(message, { code: 'ObjectConflict', message, target: 'uniqueName' });
  }
  restoreApplication(directory, application.id);
  return presentApplication(directory, { ...application, deletedAt: null });
}

/** The final delete. @throws GraphError 403 */
export function purgeDeletedApplication(call: GraphCall, application: Application): void {
  const { directory } = call.context;
  requireApplicationManager(call.caller, directory, application);
  purgeApplication(directory, application.id);
}
