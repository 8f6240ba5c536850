import { type Application, isDeletedApplication } from './applications.ts';
import { offeredRoles, offeredScopes } from './offered-permissions.ts';
import type { Directory } from './open-directory.ts';
import { isPersonalTenant } from './personal-accounts.ts';
import type { RequestedPermissions } from './record-consent.ts';
import { findServicePrincipalByAppId } from './service-principals.ts';
import type { Tenant } from './tenants.ts';

export type ListedPermissions =
  | { complete: true; requested: RequestedPermissions[] }
  /** The tenant lacks one of the APIs; it may have been deleted. */
  | { complete: false; resourceAppId: string; wasDeleted: boolean };

/**
 * What an application's registration lists (`requiredResourceAccess`), as it stands in a tenant.
 *
 * Personal accounts are asked for what they have, and for nothing else of it.
 */
export function listPermissions(
  directory: Directory,
  tenant: Tenant,
  { document }: Pick<Application, 'document'>,
): ListedPermissions {
  const requested: RequestedPermissions[] = [];
  for (const { resourceAppId, resourceAccess } of document.requiredResourceAccess) {
    const resource = findServicePrincipalByAppId(directory, tenant.id, resourceAppId);
    if (!resource && isPersonalTenant(tenant)) continue;
    if (!resource) {
      return { complete: false, resourceAppId, wasDeleted: isDeletedApplication(directory, resourceAppId) };
    }
    const ids = new Set(resourceAccess.map((access) => access.id.toLowerCase()));
    requested.push({
      resource,
      scopes: offeredScopes(resource).filter((scope) => ids.has(scope.id)),
      roles: offeredRoles(resource).filter((role) => ids.has(role.id)),
    });
  }
  return { complete: true, requested };
}
