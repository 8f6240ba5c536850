import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** A Dataverse environment (organization) of a tenant. */
export interface Environment {
  id: string;
  tenantId: string;
  organizationId: string;
  /** The organization's part of the host name, e.g. `contoso`. */
  urlName: string;
  uniqueName: string;
  /** e.g. `crm4.dynamics.com`. */
  regionHost: string;
  friendlyName: string;
}

/** The release of Dataverse whose behaviour every environment follows. */
export const environmentVersion = '9.2.24014.198';

interface EnvironmentRow {
  id: string;
  tenant_id: string;
  organization_id: string;
  url_name: string;
  unique_name: string;
  region_host: string;
  friendly_name: string;
}

export function createEnvironment(directory: Directory, environment: Environment): void {
  directory
    .prepare(
      `INSERT INTO environments
         (id, tenant_id, organization_id, url_name, unique_name, region_host, friendly_name)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      environment.id,
      environment.tenantId,
      environment.organizationId,
      environment.urlName,
      environment.uniqueName,
      environment.regionHost,
      environment.friendlyName,
    );
}

/** The environment that the CRM's listeners serve: the first made. */
export function defaultEnvironment(directory: Directory): Environment | undefined {
  const row = selectOne<EnvironmentRow>(directory, 'SELECT * FROM environments ORDER BY rowid LIMIT 1');
  return row && toEnvironment(row);
}

export function listEnvironments(directory: Directory): Environment[] {
  return selectAll<EnvironmentRow>(directory, 'SELECT * FROM environments ORDER BY rowid').map(toEnvironment);
}

/** The addresses that an environment has in Microsoft's cloud: the app's and the Web API's. */
export function publicOrigins(environment: Environment): string[] {
  const { urlName, regionHost } = environment;
  return [`https://${urlName}.${regionHost}`, `https://${urlName}.api.${regionHost}`];
}

function toEnvironment(row: EnvironmentRow): Environment {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    organizationId: row.organization_id,
    urlName: row.url_name,
    uniqueName: row.unique_name,
    regionHost: row.region_host,
    friendlyName: row.friendly_name,
  };
}
