import { type NationalCloud, nationalClouds } from '@latchkey/microsoft';

/** A cloud of Azure as `/metadata/endpoints` describes it; addresses as it writes them, some with a slash at the end. */
export interface AzureCloud {
  name: string;
  cloud: NationalCloud;
  portal: string;
  resourceManager: string;
  /** What tokens for the resource manager are asked by, the older name first. */
  audiences: readonly string[];
  microsoftGraph: string;
  storageSuffix: string;
  keyVaultSuffix: string;
  sqlServerSuffix: string;
  registrySuffix: string;
}

/** Source: `environment()` of Azure Resource Manager templates; the clouds that Azure CLI has built in. */
export const azureClouds: readonly AzureCloud[] = [
  {
    name: 'AzureCloud',
    cloud: nationalClouds.global,
    portal: 'https://portal.azure.com',
    resourceManager: 'https://management.azure.com/',
    audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    microsoftGraph: 'https://graph.microsoft.com/',
    storageSuffix: 'core.windows.net',
    keyVaultSuffix: 'vault.azure.net',
    sqlServerSuffix: 'database.windows.net',
    registrySuffix: 'azurecr.io',
  },
  {
    name: 'AzureChinaCloud',
    cloud: nationalClouds.china,
    portal: 'https://portal.azure.cn',
    resourceManager: 'https://management.chinacloudapi.cn/',
    audiences: ['https://management.core.chinacloudapi.cn/', 'https://management.chinacloudapi.cn/'],
    microsoftGraph: 'https://microsoftgraph.chinacloudapi.cn/',
    storageSuffix: 'core.chinacloudapi.cn',
    keyVaultSuffix: 'vault.azure.cn',
    sqlServerSuffix: 'database.chinacloudapi.cn',
    registrySuffix: 'azurecr.cn',
  },
  {
    name: 'AzureUSGovernment',
    cloud: nationalClouds.usgov,
    portal: 'https://portal.azure.us',
    resourceManager: 'https://management.usgovcloudapi.net/',
    audiences: ['https://management.core.usgovcloudapi.net/', 'https://management.usgovcloudapi.net/'],
    microsoftGraph: 'https://graph.microsoft.us/',
    storageSuffix: 'core.usgovcloudapi.net',
    keyVaultSuffix: 'vault.usgovcloudapi.net',
    sqlServerSuffix: 'database.usgovcloudapi.net',
    registrySuffix: 'azurecr.us',
  },
];
