import type { Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';

/**
 * A code is redeemed where it was asked for: at its tenant, `common` or `organizations`.
 *
 * @throws EntraError 700005
 */
export function requireSameTenant(asked: TenantScope, tenant: Tenant): void {
  const isOther = asked.kind === 'tenant' ? asked.tenant.id !== tenant.id : asked.kind === 'consumers';
  if (isOther) throw new EntraError(700005);
}
