import { findApplicationByAppId } from '../../directory/applications.ts';
import {
  type DeletedServicePrincipal,
  listDeletedServicePrincipals,
  purgeServicePrincipal,
  restoreServicePrincipal,
} from '../../directory/deleted-service-principals.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { isApplicationAdministrator, objectIdOf } from '../access/person-rules.ts';
import { accessDenied } from '../errors/graph-error.ts';
import { type DeletedKind, keepRestorable } from '../operation/deleted-kind.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import { presentServicePrincipal, servicePrincipalType } from '../resources/present-service-principal.ts';
import { nameInUse, noBackingApplication } from './create-service-principal.ts';

export const deletedPrincipalKind: DeletedKind = {
  type: servicePrincipalType,
  context: 'servicePrincipals',
  permissions: { read: [permissionRules.readApplications], write: [permissionRules.writeApplications] },
  list: (call) =>
    deletedPrincipals(call).map((deleted) => ({
      id: deleted.principal.id,
      present: () => presentDeleted(call, deleted),
      restore: () => restoreDeleted(call, deleted),
      purge: () => {
        requireManager(call, deleted);
        purgeServicePrincipal(call.context.directory, deleted.principal.id);
      },
    })),
};

function deletedPrincipals({ context: { directory, clock }, caller }: GraphCall): DeletedServicePrincipal[] {
  return keepRestorable(listDeletedServicePrincipals(directory, caller.tenant.id), {
    now: clock.now(),
    purge: ({ principal }) => purgeServicePrincipal(directory, principal.id),
  });
}

function presentDeleted(
  { context: { directory } }: GraphCall,
  { principal, deletedAt }: DeletedServicePrincipal,
): GraphResource {
  return { ...presentServicePrincipal(directory, principal), deletedDateTime: presentSecond(deletedAt) };
}

/** It comes back with its owners, credentials and consent. */
function restoreDeleted(call: GraphCall, deleted: DeletedServicePrincipal): GraphResource {
  const { directory } = call.context;
  const { principal } = deleted;
  requireManager(call, deleted);
  if (!findApplicationByAppId(directory, principal.appId)) throw noBackingApplication(principal.appId);
  if (findServicePrincipalByAppId(directory, principal.tenantId, principal.appId)) {
    throw nameInUse(principal.appId);
  }
  restoreServicePrincipal(directory, deleted);
  return presentServicePrincipal(directory, principal);
}

/** As while it was there: administrators and owners. */
function requireManager({ caller }: GraphCall, { ownerIds }: DeletedServicePrincipal): void {
  if (!isApplicationAdministrator(caller) && !ownerIds.includes(objectIdOf(caller))) throw accessDenied();
}
