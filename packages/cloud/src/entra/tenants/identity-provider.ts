import { isPersonalTenant } from '../../directory/personal-accounts.ts';
import type { Tenant } from '../../directory/tenants.ts';

/** How messages and claims name where an account comes from: `live.com` for personal ones. */
export function identityProvider(tenant: Tenant): string {
  return isPersonalTenant(tenant) ? 'live.com' : `https://sts.windows.net/${tenant.id}/`;
}
