import { wellKnownIds, wellKnownScopes } from '@latchkey/microsoft';
import { stableGuid } from '../stable-guid.ts';

/** A service of Microsoft's that programs ask tokens for. */
export interface MicrosoftService {
  appId: string;
  displayName: string;
  /** The addresses that name it in a request, each with or without a slash at its end. */
  addresses: readonly string[];
  /** Hosts that name it, too; `*` stands for one name or several. */
  hosts?: readonly string[];
  /** A file of `permissions/`, or the one delegated permission: to act as the person. */
  permissions: string | { value: string; id: string };
}

const crmRegions = ['', '2', '3', '4', '5', '6', '7', '8', '9', '11', '12', '14', '15', '16', '17'];
/** The regions whose hosts `Dynamics CRM` lists among its names. */
const listedCrmHosts = ['', '2', '3', '4', '5', '6', '7', '9'].map((region) => `*.crm${region}.dynamics.com`);

/** Azure's management in the global, the US Government and the Chinese cloud, by its older and its present name. */
const azureManagementOrigins = [
  'https://management.core.windows.net',
  'https://management.azure.com',
  'https://management.core.usgovcloudapi.net',
  'https://management.usgovcloudapi.net',
  'https://management.core.chinacloudapi.cn',
  'https://management.chinacloudapi.cn',
];

/**
 * The services that every tenant knows, besides its own applications.
 *
 * Source: `servicePrincipalNames` of their service principals; "Verify first-party Microsoft applications in sign-in
 * reports".
 */
export const microsoftServices: readonly MicrosoftService[] = [
  {
    appId: wellKnownIds.microsoftGraph,
    displayName: 'Microsoft Graph',
    permissions: 'microsoft-graph',
    addresses: ['https://graph.microsoft.com'],
  },
  {
    appId: wellKnownIds.dynamicsCrm,
    displayName: 'Dynamics CRM',
    permissions: wellKnownScopes.dynamicsCrm.user_impersonation,
    addresses: [
      ...crmRegions.map((region) => `https://admin.services.crm${region}.dynamics.com`),
      'https://admin.services.crm.microsoftdynamics.us',
      'https://admin.services.crm.appsplatform.us',
    ],
  },
  {
    appId: wellKnownIds.azureServiceManagement,
    displayName: 'Windows Azure Service Management API',
    permissions: { value: 'user_impersonation', id: '41094075-9dad-400e-a0bd-54e686782033' },
    addresses: azureManagementOrigins,
  },
  {
    appId: wellKnownIds.azureKeyVault,
    displayName: 'Azure Key Vault',
    permissions: { value: 'user_impersonation', id: 'f53da476-18e3-4152-8e01-aec403e6edc0' },
    addresses: [
      'https://vault.azure.net',
      'https://managedhsm.azure.net',
      'https://vault.usgovcloudapi.net',
      'https://vault.azure.cn',
    ],
  },
  {
    appId: wellKnownIds.azureStorage,
    displayName: 'Azure Storage',
    permissions: { value: 'user_impersonation', id: '03e0da56-190b-40ad-a80c-ea378c433f7f' },
    addresses: ['https://storage.azure.com'],
    hosts: ['blob', 'dfs', 'file', 'queue', 'table'].map((kind) => `*.${kind}.core.windows.net`),
  },
  {
    appId: wellKnownIds.sharePoint,
    displayName: 'Office 365 SharePoint Online',
    permissions: 'sharepoint',
    addresses: ['https://microsoft.sharepoint-df.com', 'https://onedrive.cloud.microsoft'],
    hosts: ['*.sharepoint.com', '*.sharepoint.us', '*.sharepoint-mil.us', '*.sharepoint.cn'],
  },
  {
    appId: wellKnownIds.exchange,
    displayName: 'Office 365 Exchange Online',
    permissions: 'exchange',
    addresses: [
      'https://outlook.office365.com',
      'https://outlook.office.com',
      'https://outlook.com',
      'https://ps.outlook.com',
      'https://ps.compliance.protection.outlook.com',
      'https://outlook.office365.us',
      'https://partner.outlook.cn',
    ],
  },
  {
    appId: wellKnownIds.businessCentral,
    displayName: 'Dynamics 365 Business Central',
    permissions: 'business-central',
    addresses: ['https://api.businesscentral.dynamics.com', 'https://projectmadeira.com'],
  },
  {
    appId: wellKnownIds.financeAndOperations,
    displayName: 'Dynamics ERP',
    permissions: 'finance-and-operations',
    addresses: [],
    hosts: [
      '*.operations.dynamics.com',
      '*.operations.*.dynamics.com',
      '*.cloudax.dynamics.com',
      '*.axcloud.dynamics.com',
      '*.operations.dynamics.us',
    ],
  },
  {
    appId: wellKnownIds.powerPlatformApi,
    displayName: 'Power Platform API',
    permissions: 'power-platform-api',
    addresses: ['https://api.powerplatform.com', 'https://api.gov.powerplatform.microsoft.us'],
  },
  {
    appId: wellKnownIds.powerApps,
    displayName: 'PowerApps Service',
    permissions: { value: 'User', id: '0eb56b90-a7b5-43b5-9402-8137a8083e90' },
    addresses: [
      'https://service.powerapps.com',
      'https://api.powerapps.com',
      'https://api.bap.microsoft.com',
      'https://gov.service.powerapps.us',
      'https://high.service.powerapps.us',
    ],
  },
  {
    appId: wellKnownIds.powerAutomate,
    displayName: 'Microsoft Flow Service',
    permissions: 'power-automate',
    addresses: ['https://service.flow.microsoft.com', 'https://gov.service.flow.microsoft.us'],
  },
  {
    appId: wellKnownIds.powerBi,
    displayName: 'Power BI Service',
    permissions: 'power-bi',
    addresses: ['https://analysis.windows.net/powerbi/api', 'https://api.fabric.microsoft.com'],
  },
  {
    appId: wellKnownIds.azureDevOps,
    displayName: 'Azure DevOps',
    permissions: 'azure-devops',
    addresses: ['https://app.vssps.visualstudio.com'],
  },
  {
    // What the directory's own pages of the Azure portal call, and command lines that consent as they do. The id of
    // its permission is not known.
    appId: wellKnownIds.azureDirectoryPages,
    displayName: 'ADIbizaUX',
    permissions: { value: 'user_impersonation', id: stableGuid('impersonation:azure-directory-pages') },
    addresses: ['https://main.iam.ad.ext.azure.com'],
  },
];

/** A host has no more than 253 characters (RFC 1035 §2.3.4). */
const longestAddress = 'https://'.length + 253;

const byAddress = new Map(
  microsoftServices.flatMap(({ appId, addresses }) => addresses.map((address) => [address, appId] as const)),
);
const hostsOf = new Map(microsoftServices.map(({ appId, hosts = [] }) => [appId, hosts] as const));
const byHost = microsoftServices.flatMap(({ appId, hosts = [] }) =>
  hosts.map((host) => ({ appId, pattern: hostPattern(host) })),
);

/**
 * Finds the service of Microsoft's that an address names.
 *
 * @param address in lower case, without a slash at its end
 * @returns its `appId`
 */
export function findServiceByAddress(address: string): string | undefined {
  if (address.length > longestAddress) return undefined;
  return byAddress.get(address) ?? byHost.find(({ pattern }) => pattern.test(address))?.appId;
}

/** What a service principal has as `servicePrincipalNames`: its GUID, its addresses, and its hosts below the GUID. */
export function servicePrincipalNames(appId: string, addresses: readonly string[]): string[] {
  const listed = appId === wellKnownIds.dynamicsCrm ? listedCrmHosts : hostsOf.get(appId);
  return [appId, ...addresses, ...(listed ?? []).map((host) => `${appId}/${host}`)];
}

function hostPattern(host: string): RegExp {
  const names = '[a-z0-9-]+(?:\\.[a-z0-9-]+)*';
  return new RegExp(`^https://${host.replaceAll('.', '\\.').replaceAll('*', names)}$`);
}
