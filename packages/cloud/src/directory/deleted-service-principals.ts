import { isText, listOf, objectOf, readRow } from '../ground/read-row.ts';
import {
  type AppRoleAssignment,
  appRoleAssignmentSchema,
  insertAppRoleAssignment,
  listAppRoleAssignedTo,
  listAppRoleAssignments,
} from './app-role-assignments.ts';
import { findGroup } from './groups.ts';
import { type Directory, selectAll } from './open-directory.ts';
import {
  insertPermissionGrant,
  listPermissionGrants,
  type PermissionGrant,
  permissionGrantSchema,
} from './permission-grants.ts';
import { addPrincipalOwner, listPrincipalOwnerIds } from './service-principal-owners.ts';
import {
  createServicePrincipal,
  deleteServicePrincipal,
  findServicePrincipal,
  type ServicePrincipal,
  servicePrincipalSchema,
} from './service-principals.ts';
import { findUser } from './users.ts';

/** A service principal that can be restored, with what comes back with it. */
export interface DeletedServicePrincipal {
  principal: ServicePrincipal;
  deletedAt: number;
  ownerIds: readonly string[];
  grants: readonly PermissionGrant[];
  assignments: readonly AppRoleAssignment[];
}

type DeletedState = Omit<DeletedServicePrincipal, 'deletedAt'>;

const stateSchema = objectOf<DeletedState>({
  principal: servicePrincipalSchema,
  ownerIds: listOf(isText),
  grants: listOf(permissionGrantSchema),
  assignments: listOf(appRoleAssignmentSchema),
});

/** Takes a principal out of the tenant, with what was granted to it and on it, and keeps it all to be restored. */
export function softDeleteServicePrincipal(directory: Directory, principal: ServicePrincipal): void {
  const { id, tenantId } = principal;
  directory.transaction(() => {
    const state: DeletedState = {
      principal,
      ownerIds: listPrincipalOwnerIds(directory, id),
      grants: listPermissionGrants(directory, tenantId).filter(
        ({ clientId, resourceId }) => clientId === id || resourceId === id,
      ),
      assignments: [
        ...listAppRoleAssignments(directory, id),
        // Its roles on itself are among the former.
        ...listAppRoleAssignedTo(directory, id).filter(({ principalId }) => principalId !== id),
      ],
    };
    deleteServicePrincipal(directory, id);
    directory
      .prepare(
        'INSERT INTO deleted_service_principals (id, tenant_id, deleted_at, state) VALUES (?, ?, ?, ?)',
      )
      .run(id, tenantId, directory.clock.now(), JSON.stringify(state));
  });
}

export function listDeletedServicePrincipals(
  directory: Directory,
  tenantId: string,
): DeletedServicePrincipal[] {
  return selectAll<{ deleted_at: number; state: string }>(
    directory,
    'SELECT deleted_at, state FROM deleted_service_principals WHERE tenant_id = ? ORDER BY deleted_at, id',
    tenantId,
  ).map((row) => ({ ...readRow(stateSchema, row.state), deletedAt: row.deleted_at }));
}

/**
 * Brings a principal back with its owners and with what was granted, as far as those whom it concerns are there still.
 *
 * @throws the SQLite constraint error when its application has another principal in the tenant by now
 */
export function restoreServicePrincipal(
  directory: Directory,
  { principal, ownerIds, grants, assignments }: DeletedServicePrincipal,
): void {
  const isThere = (id: string) => findServicePrincipal(directory, principal.tenantId, id) !== undefined;
  const isGroup = (id: string) => findGroup(directory, principal.tenantId, id) !== undefined;
  const isPerson = (id: string) => findUser(directory, id) !== undefined;
  directory.transaction(() => {
    purgeServicePrincipal(directory, principal.id);
    createServicePrincipal(directory, principal);
    for (const ownerId of ownerIds) addPrincipalOwner(directory, principal.id, ownerId);
    for (const grant of grants) {
      const { clientId, resourceId, principalId } = grant;
      const concernsNobody = principalId !== null && !isPerson(principalId);
      if (isThere(clientId) && isThere(resourceId) && !concernsNobody)
        insertPermissionGrant(directory, grant);
    }
    for (const assignment of assignments) {
      const { principalId, resourceId } = assignment;
      const hasHolder = isThere(principalId) || isPerson(principalId) || isGroup(principalId);
      if (hasHolder && isThere(resourceId)) insertAppRoleAssignment(directory, assignment);
    }
  });
}

/** The final delete. */
export function purgeServicePrincipal(directory: Directory, id: string): void {
  directory.prepare('DELETE FROM deleted_service_principals WHERE id = ?').run(id);
}
