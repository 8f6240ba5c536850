import { type Directory, selectAll, selectOne } from './open-directory.ts';

export interface Tenant {
  id: string;
  displayName: string;
  /** Verified domains, the initial `*.onmicrosoft.com` first. */
  domains: string[];
  createdAt: number;
}

interface TenantRow {
  id: string;
  display_name: string;
  created_at: number;
}

export function createTenant(directory: Directory, tenant: Tenant): void {
  directory.transaction(() => {
    directory
      .prepare('INSERT INTO tenants (id, display_name, created_at) VALUES (?, ?, ?)')
      .run(tenant.id, tenant.displayName, tenant.createdAt);
    for (const [index, name] of tenant.domains.entries()) {
      directory
        .prepare('INSERT INTO tenant_domains (name, tenant_id, is_initial) VALUES (?, ?, ?)')
        .run(name.toLowerCase(), tenant.id, index === 0 ? 1 : 0);
    }
  });
}

/** Finds a tenant by its GUID or any of its verified domains, whatever the case. */
export function findTenant(directory: Directory, idOrDomain: string): Tenant | undefined {
  const key = idOrDomain.toLowerCase();
  const row = selectOne<TenantRow>(
    directory,
    `SELECT * FROM tenants WHERE id = ?1
       OR id = (SELECT tenant_id FROM tenant_domains WHERE name = ?1)`,
    key,
  );
  return row && toTenant(directory, row);
}

/** In the order in which they were made. */
export function listTenants(directory: Directory): Tenant[] {
  return selectAll<TenantRow>(directory, 'SELECT * FROM tenants ORDER BY rowid').map((row) =>
    toTenant(directory, row),
  );
}

function toTenant(directory: Directory, row: TenantRow): Tenant {
  const domains = selectAll<{ name: string }>(
    directory,
    'SELECT name FROM tenant_domains WHERE tenant_id = ? ORDER BY is_initial DESC, name',
    row.id,
  );
  return {
    id: row.id,
    displayName: row.display_name,
    domains: domains.map((domain) => domain.name),
    createdAt: row.created_at,
  };
}
