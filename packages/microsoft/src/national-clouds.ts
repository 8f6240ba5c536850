/** The names of the Microsoft clouds that Dynamics 365 runs in today. */
export type NationalCloudName = 'global' | 'usgov' | 'usgov-dod' | 'china';

/** One Microsoft cloud: where its people sign in, and where its Graph and its Dynamics environments live. */
export interface NationalCloud {
  readonly name: NationalCloudName;
  /** For people, in a list of choices. */
  readonly title: string;
  /** Origin of Microsoft Entra ID, without a slash: `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Older origins of the same sign-in service. They occur in tokens, challenges and saved settings. */
  readonly authorityAliases: readonly string[];
  /** Origin of Microsoft Graph, without a slash. */
  readonly graph: string;
  /** Origins of the Global Discovery Service. The GCC (crm9) belongs to the global cloud and has its own. */
  readonly globalDiscovery: readonly string[];
  /** Matches a region's host, such as `crm4.dynamics.com`. Open in the number: regions are added. */
  readonly crmRegionHost: RegExp;
}

/**
 * The four Microsoft clouds, by name.
 *
 * Source: Microsoft's documentation "National clouds" (identity platform), "Discover the URL for your
 * organization" and the list of discovery servers in the Dataverse ServiceClient.
 */
export const nationalClouds: Readonly<Record<NationalCloudName, NationalCloud>> = {
  global: {
    name: 'global',
    title: 'Microsoft Azure (worldwide, GCC included)',
    authority: 'https://login.microsoftonline.com',
    authorityAliases: ['https://login.windows.net', 'https://login.microsoft.com', 'https://sts.windows.net'],
    graph: 'https://graph.microsoft.com',
    globalDiscovery: ['https://globaldisco.crm.dynamics.com', 'https://globaldisco.crm9.dynamics.com'],
    crmRegionHost: /^crm\d*\.dynamics\.com$/,
  },
  usgov: {
    name: 'usgov',
    title: 'US Government (GCC High)',
    authority: 'https://login.microsoftonline.us',
    authorityAliases: ['https://login.usgovcloudapi.net'],
    graph: 'https://graph.microsoft.us',
    globalDiscovery: ['https://globaldisco.crm.microsoftdynamics.us'],
    crmRegionHost: /^crm\d*\.microsoftdynamics\.us$/,
  },
  'usgov-dod': {
    name: 'usgov-dod',
    title: 'US Government (DoD)',
    authority: 'https://login.microsoftonline.us',
    authorityAliases: ['https://login.usgovcloudapi.net'],
    graph: 'https://dod-graph.microsoft.us',
    globalDiscovery: ['https://globaldisco.crm.appsplatform.us'],
    crmRegionHost: /^crm\d*\.appsplatform\.us$/,
  },
  china: {
    name: 'china',
    title: 'China (operated by 21Vianet)',
    authority: 'https://login.partner.microsoftonline.cn',
    authorityAliases: ['https://login.chinacloudapi.cn'],
    graph: 'https://microsoftgraph.chinacloudapi.cn',
    globalDiscovery: ['https://globaldisco.crm.dynamics.cn'],
    crmRegionHost: /^crm\d*\.dynamics\.cn$/,
  },
};
