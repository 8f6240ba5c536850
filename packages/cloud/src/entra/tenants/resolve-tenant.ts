import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { Directory } from '../../directory/open-directory.ts';
import { isPersonalTenant } from '../../directory/personal-accounts.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';

/** Whom a path's first segment lets in: one tenant, or all tenants of a kind. */
export type TenantScope =
  | { kind: 'tenant'; tenant: Tenant }
  | { kind: 'common' | 'organizations' | 'consumers' };

/**
 * Reads the first segment of a path: a tenant's GUID or verified domain, `common`, `organizations` or
 * `consumers` (or its GUID), in any case.
 *
 * @throws EntraError 90002 when there is no such tenant
 */
export function resolveTenant(directory: Directory, segment: string): TenantScope {
  const name = segment.toLowerCase();
  if (name === 'common' || name === 'organizations' || name === 'consumers') return { kind: name };
  // The tenant of personal accounts; discovery names it as the issuer behind `consumers`.
  if (name === wellKnownIds.personalAccountTenant) return { kind: 'consumers' };
  const tenant = findTenant(directory, name);
  if (!tenant) throw new EntraError(aadsts.unknownTenant, { tenant: segment });
  return { kind: 'tenant', tenant };
}

/** How a scope is named in addresses and messages: the tenant's GUID, or the placeholder. */
export function tenantSegment(scope: TenantScope): string {
  return scope.kind === 'tenant' ? scope.tenant.id : scope.kind;
}

/** Whether the accounts of a tenant are among those that a path lets in. */
export function servesTenant(scope: TenantScope, tenantId: string): boolean {
  const isPersonal = tenantId === wellKnownIds.personalAccountTenant;
  if (scope.kind === 'tenant') return scope.tenant.id === tenantId;
  if (scope.kind === 'common') return true;
  return scope.kind === 'consumers' ? isPersonal : !isPersonal;
}

/** How messages and claims name where an account comes from: `live.com` for personal ones. */
export function identityProvider(tenant: Tenant): string {
  return isPersonalTenant(tenant) ? 'live.com' : `https://sts.windows.net/${tenant.id}/`;
}
