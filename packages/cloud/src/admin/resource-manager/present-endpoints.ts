import type { AzureCloud } from './azure-clouds.ts';

/** By what addresses the caller reaches a cloud's services, where those are not Microsoft's. */
export interface CloudOrigins {
  authority: string;
  resourceManager: string;
  graph: string;
}

/** From these versions on, `/metadata/endpoints` lists all clouds, then describes the one that is asked. */
const [firstWithList, firstWithDescription] = ['2018-05-01', '2020-01-01'];

/**
 * `/metadata/endpoints`, in the shape of each generation of its versions.
 *
 * @param asked the cloud that is asked, with its addresses as the caller knows them
 * @param others those that its list has besides
 */
export function presentEndpoints(
  version: string,
  asked: { cloud: AzureCloud; origins: CloudOrigins },
  others: readonly AzureCloud[],
): object {
  if (version < firstWithList) return presentOldEndpoints(asked);
  const own = presentCloud(asked);
  if (version >= firstWithDescription) return own;
  return [own, ...others.map((cloud) => presentCloud({ cloud, origins: publicOrigins(cloud) }))];
}

function presentOldEndpoints({ cloud, origins }: { cloud: AzureCloud; origins: CloudOrigins }): object {
  return {
    galleryEndpoint: '',
    graphEndpoint: origins.graph,
    portalEndpoint: cloud.portal,
    authentication: { loginEndpoint: origins.authority, audiences: cloud.audiences },
  };
}

/** Terraform's provider wants the literal tenant `common` and the identity provider `AAD`. */
function presentCloud({ cloud, origins }: { cloud: AzureCloud; origins: CloudOrigins }): object {
  const { name, portal, audiences } = cloud;
  return {
    portal,
    authentication: {
      loginEndpoint: origins.authority,
      audiences,
      tenant: 'common',
      identityProvider: 'AAD',
    },
    graphAudience: origins.graph,
    graph: origins.graph,
    name,
    suffixes: {
      acrLoginServer: cloud.registrySuffix,
      keyVaultDns: cloud.keyVaultSuffix,
      sqlServerHostname: cloud.sqlServerSuffix,
      storage: cloud.storageSuffix,
    },
    resourceManager: origins.resourceManager,
    microsoftGraphResourceId: origins.graph,
  };
}

/** A cloud's addresses in Microsoft's network. */
export function publicOrigins({ cloud, resourceManager, microsoftGraph }: AzureCloud): CloudOrigins {
  return { authority: cloud.authority, resourceManager, graph: microsoftGraph };
}
