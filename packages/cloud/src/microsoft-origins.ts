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
