import { wellKnownIds } from '@latchkey/microsoft';
import type { Directory } from '../../directory/open-directory.ts';
import { listTenants, type Tenant } from '../../directory/tenants.ts';

/** Tenants that nobody signs in to at a portal: Microsoft's own, and that of personal accounts. */
const otherTenants: readonly string[] = [
  wellKnownIds.microsoftServicesTenant,
  wellKnownIds.personalAccountTenant,
];

/** The organizations that have people here. */
export function listOrganizations(directory: Directory): Tenant[] {
  return listTenants(directory).filter(({ id }) => !otherTenants.includes(id));
}
