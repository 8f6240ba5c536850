import { changesRow, type Directory, selectAll } from './open-directory.ts';
import { findServicePrincipal, type ServicePrincipal } from './service-principals.ts';

/** Makes a person or a service principal an owner; once more is nothing to do. */
export function addPrincipalOwner(directory: Directory, principalId: string, ownerId: string): void {
  directory
    .prepare('INSERT OR IGNORE INTO service_principal_owners (service_principal_id, owner_id) VALUES (?, ?)')
    .run(principalId, ownerId);
}

/** Returns whether there was such an owner. */
export function removePrincipalOwner(directory: Directory, principalId: string, ownerId: string): boolean {
  const sql = 'DELETE FROM service_principal_owners WHERE service_principal_id = ? AND owner_id = ?';
  return changesRow(directory, sql, principalId, ownerId);
}

export function listPrincipalOwnerIds(directory: Directory, principalId: string): string[] {
  return selectAll<{ owner_id: string }>(
    directory,
    'SELECT owner_id FROM service_principal_owners WHERE service_principal_id = ? ORDER BY owner_id',
    principalId,
  ).map((row) => row.owner_id);
}

/** Service principals of a tenant that a person or another service principal owns. */
export function listOwnedPrincipals(
  directory: Directory,
  tenantId: string,
  ownerId: string,
): ServicePrincipal[] {
  return selectAll<{ id: string }>(
    directory,
    'SELECT service_principal_id AS id FROM service_principal_owners WHERE owner_id = ? ORDER BY id',
    ownerId,
  ).flatMap(({ id }) => findServicePrincipal(directory, tenantId, id) ?? []);
}
