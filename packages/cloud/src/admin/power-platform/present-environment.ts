import { type Environment, environmentVersion } from '../../directory/environments.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { isRecord } from '../../ground/json.ts';
import { locationOf } from './regions.ts';

/** How the caller reaches an environment. */
export interface Reach {
  url: string;
  apiUrl: string;
}

const englishUnitedStates = 1033;

/** An environment as Power Platform's admin API tells of it; the fields and their order as recorded. */
export function presentEnvironment(
  environment: Environment,
  { tenant, reach, collection }: { tenant: Tenant; reach: Reach; collection: string },
): object {
  const { id: name, friendlyName, organizationId, regionHost, uniqueName, urlName } = environment;
  const { location, azureRegion } = locationOf(regionHost);
  const createdTime = new Date(tenant.createdAt).toISOString();
  const [, provider = ''] = /^\/providers\/([^/]+)/.exec(collection) ?? [];
  return {
    id: `${collection}/${name}`,
    type: provider === 'Microsoft.PowerApps' ? `${provider}/environments` : `${provider}/scopes/environments`,
    location,
    name,
    properties: {
      tenantId: tenant.id,
      azureRegion,
      displayName: friendlyName,
      description: '',
      createdTime,
      createdBy: { id: 'SYSTEM', displayName: 'SYSTEM', type: 'NotSpecified' },
      lastModifiedTime: createdTime,
      provisioningState: 'Succeeded',
      creationType: 'User',
      environmentSku: 'Production',
      isDefault: false,
      clientUris: {
        admin: `https://admin.powerplatform.microsoft.com/environments/${name}/hub`,
        maker: `https://make.powerapps.com/environments/${name}/home`,
      },
      runtimeEndpoints: {
        'microsoft.BusinessAppPlatform': `https://${location}.api.bap.microsoft.com`,
        'microsoft.PowerApps': `https://${location}.api.powerapps.com`,
      },
      databaseType: 'CommonDataService',
      linkedEnvironmentMetadata: {
        resourceId: organizationId,
        friendlyName,
        uniqueName,
        domainName: urlName,
        version: environmentVersion,
        instanceUrl: `${reach.url}/`,
        instanceApiUrl: reach.apiUrl,
        baseLanguage: englishUnitedStates,
        instanceState: 'Ready',
        createdTime,
        backgroundOperationsState: 'Enabled',
        platformSku: 'Standard',
      },
      states: { management: { id: 'Ready' }, runtime: { id: 'Enabled' } },
      updateCadence: { id: 'Frequent' },
      protectionStatus: { keyManagedBy: 'Microsoft' },
      connectedGroups: [],
    },
  };
}

/** What of a resource is selected, by paths such as `properties.displayName`; all of it where nothing is. */
export function selectPaths(resource: object, selection: string | undefined): object {
  if (!selection) return resource;
  const paths = selection.split(',').map((path) => path.trim().split(/[./]/));
  return pick(resource, paths);
}

function pick(resource: object, paths: readonly string[][]): object {
  const byName = Map.groupBy(paths, ([name = '']) => name.toLowerCase());
  const chosen = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    const deeper = byName.get(name.toLowerCase())?.map(([, ...rest]) => rest);
    if (!deeper) return [];
    const isWhole = !isRecord(value) || deeper.some((rest) => rest.length === 0);
    return [[name, isWhole ? value : pick(value, deeper)]];
  });
  return Object.fromEntries<unknown>(chosen);
}
