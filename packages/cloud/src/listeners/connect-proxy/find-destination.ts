import { type NationalCloud, nationalClouds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import { listEnvironments, publicOrigins } from '../../directory/environments.ts';
import {
  directoryPagesOrigins,
  findCloudOfAuthority,
  powerPlatformOrigins,
  resourceManagerOrigins,
} from '../../microsoft-origins.ts';
import type { CloudAddresses, KnownOrigins } from '../../service-origins.ts';

/** What answers by one of Microsoft's names. */
export interface Destination {
  service: ProxiedService;
  origins: KnownOrigins;
}

/** The services that Microsoft's names lead to. */
export type ProxiedService = keyof CloudAddresses;

type ProxyContext = Pick<CloudContext, 'directory' | 'addresses'>;

/** The APIs of administration, by their names in all clouds. */
const adminOrigins = new Map([...resourceManagerOrigins, ...directoryPagesOrigins, ...powerPlatformOrigins]);

/** The pages on which people register applications, by their present and their older names. */
const portalHosts: ReadonlyMap<string, NationalCloud> = new Map([
  ['entra.microsoft.com', nationalClouds.global],
  ['portal.azure.com', nationalClouds.global],
  ['aad.portal.azure.com', nationalClouds.global],
  ['portal.azure.us', nationalClouds.usgov],
  ['portal.azure.cn', nationalClouds.china],
]);

/** Finds what stands for a host name of Microsoft's, in all national clouds; undefined for every other host. */
export function findDestination(context: ProxyContext, hostName: string): Destination | undefined {
  const { addresses } = context;
  const host = hostName.toLowerCase();
  const origin = `https://${host}`;
  const authority = findCloudOfAuthority(origin);
  if (authority) return { service: 'entra', origins: originsIn(authority, addresses) };
  for (const cloud of Object.values(nationalClouds)) {
    const origins = originsIn(cloud, addresses);
    if (cloud.graph === origin) return { service: 'graph', origins };
    if (cloud.globalDiscovery.includes(origin)) {
      return { service: 'crm', origins: new Map([...origins, [addresses.crm, origin]]) };
    }
  }
  const administered = adminOrigins.get(origin);
  if (administered) {
    const origins = new Map([...originsIn(administered, addresses), [addresses.admin, origin]]);
    return { service: 'admin', origins };
  }
  const cloud = portalHosts.get(host);
  if (cloud) {
    const origins = new Map([...originsIn(cloud, addresses), [addresses.portal, origin]]);
    return { service: 'portal', origins };
  }
  return findEnvironment(context, origin);
}

/** The names by which the environments are reached: the apps' and the Web APIs'. */
export function environmentHosts({ directory }: Pick<ProxyContext, 'directory'>): string[] {
  return listEnvironments(directory)
    .flatMap(publicOrigins)
    .map((origin) => new URL(origin).host);
}

function findEnvironment({ directory, addresses }: ProxyContext, origin: string): Destination | undefined {
  const environment = listEnvironments(directory).find((candidate) =>
    publicOrigins(candidate).includes(origin),
  );
  if (!environment) return undefined;
  const cloud =
    Object.values(nationalClouds).find(({ crmRegionHost }) => crmRegionHost.test(environment.regionHost)) ??
    nationalClouds.global;
  const origins = new Map([...originsIn(cloud, addresses), [addresses.crm, origin]]);
  return { service: 'crm', origins };
}

/** Older names of the sign-in service lead to the same issuer, so the authority's own name stands for them all. */
function originsIn(cloud: NationalCloud, addresses: CloudAddresses): KnownOrigins {
  return new Map([
    [addresses.entra, cloud.authority],
    [addresses.graph, cloud.graph],
  ]);
}
