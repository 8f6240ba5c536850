import { offeredRoles, offeredScopes } from '../directory/offered-permissions.ts';
import type { Directory } from '../directory/open-directory.ts';
import {
  findServicePrincipalByAppId,
  listServicePrincipals,
  type ServicePrincipal,
} from '../directory/service-principals.ts';
import type { Tenant } from '../directory/tenants.ts';
import { SeedError } from './seed-error.ts';

/** Finds the API that a seed names, by application id or display name. @throws SeedError */
export function findApi(directory: Directory, tenant: Tenant, name: string): ServicePrincipal {
  const wanted = name.toLowerCase();
  const api =
    findServicePrincipalByAppId(directory, tenant.id, wanted) ??
    listServicePrincipals(directory, tenant.id).find(
      (principal) => principal.displayName.toLowerCase() === wanted,
    );
  if (!api) throw new SeedError(`${tenant.displayName} has no API '${name}'.`);
  return api;
}

/** The id of one of an API's delegated permissions. @throws SeedError */
export function scopeId(api: ServicePrincipal, value: string): string {
  return permissionId(api, value, offeredScopes(api));
}

/** The id of one of an API's application permissions. @throws SeedError */
export function roleId(api: ServicePrincipal, value: string): string {
  return permissionId(api, value, offeredRoles(api));
}

function permissionId(
  api: ServicePrincipal,
  value: string,
  permissions: readonly { id: string; value: string }[],
): string {
  const permission = permissions.find((candidate) => candidate.value === value);
  if (!permission) throw new SeedError(`${api.displayName} has no permission '${value}'.`);
  return permission.id;
}
