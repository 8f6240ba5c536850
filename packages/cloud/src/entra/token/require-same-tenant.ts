import { aadsts } from '@latchkey/microsoft';
import type { Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';
import { servesTenant, type TenantScope } from '../tenants/resolve-tenant.ts';

/**
 * A code is redeemed where its person can sign in: at their tenant, `common`, and `organizations` or `consumers`.
 *
 * @throws EntraError 700005
 */
export function requireSameTenant(asked: TenantScope, tenant: Tenant): void {
  if (!servesTenant(asked, tenant.id)) throw new EntraError(aadsts.grantOfAnotherTenant);
}
