import { type NationalCloud, nationalClouds } from '@latchkey/microsoft';

const clouds = Object.values(nationalClouds);

/** Where Microsoft Graph is in each of Microsoft's clouds: names that tokens for Graph are asked by and carry. */
export const graphOrigins: readonly string[] = clouds.map((cloud) => cloud.graph);

/** Where people sign in in each of Microsoft's clouds: the issuers' origins of v2 tokens. */
export const authorityOrigins: readonly string[] = [...new Set(clouds.map((cloud) => cloud.authority))];

/** A region's own token endpoints stand before these, as in `westus2.login.microsoft.com` (MSAL, "ESTS-R"). */
const regionalHosts = ['login.microsoft.com', 'r.login.microsoftonline.com'];
const region = /^https:\/\/[a-z0-9]+\.(?<host>[^/]+)$/;

/** The cloud whose sign-in service has an origin: by its present name, by an older one, or in one of its regions. */
export function findCloudOfAuthority(origin: string): NationalCloud | undefined {
  const { host } = region.exec(origin)?.groups ?? {};
  return clouds.find(
    ({ name, authority, authorityAliases }) =>
      [authority, ...authorityAliases].includes(origin) ||
      `https://${host}` === authority ||
      (name === 'global' && host !== undefined && regionalHosts.includes(host)),
  );
}

/** The Global Discovery Services; a token for one is a token for Dynamics. */
export const globalDiscoveryOrigins: readonly string[] = clouds.flatMap((cloud) => cloud.globalDiscovery);

const { global, usgov, china } = nationalClouds;
const dod = nationalClouds['usgov-dod'];

/** Azure Resource Manager in each cloud. */
export const resourceManagerOrigins: ReadonlyMap<string, NationalCloud> = new Map([
  ['https://management.azure.com', global],
  ['https://management.usgovcloudapi.net', usgov],
  ['https://management.chinacloudapi.cn', china],
]);

/** What the directory's pages of the Azure portal call. */
export const directoryPagesOrigins: ReadonlyMap<string, NationalCloud> = new Map([
  ['https://main.iam.ad.ext.azure.com', global],
  ['https://main.iam.ad.ext.azure.us', usgov],
  ['https://main.iam.ad.ext.azure.cn', china],
]);

/** The admin API of Power Platform and that of Power Apps; the first of each cloud, then those of the GCC. */
export const powerPlatformOrigins: ReadonlyMap<string, NationalCloud> = new Map([
  ['https://api.bap.microsoft.com', global],
  ['https://api.powerapps.com', global],
  ['https://gov.api.bap.microsoft.us', global],
  ['https://gov.api.powerapps.us', global],
  ['https://high.api.bap.microsoft.us', usgov],
  ['https://high.api.powerapps.us', usgov],
  ['https://api.bap.appsplatform.us', dod],
  ['https://api.apps.appsplatform.us', dod],
  ['https://api.bap.partner.microsoftonline.cn', china],
  ['https://api.powerapps.cn', china],
]);
