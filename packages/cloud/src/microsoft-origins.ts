import { nationalClouds } from '@latchkey/microsoft';

const clouds = Object.values(nationalClouds);

/** Where Microsoft Graph is in each of Microsoft's clouds: names that tokens for Graph are asked by and carry. */
export const graphOrigins: readonly string[] = clouds.map((cloud) => cloud.graph);

/** Where people sign in in each of Microsoft's clouds: the issuers' origins of v2 tokens. */
export const authorityOrigins: readonly string[] = [...new Set(clouds.map((cloud) => cloud.authority))];

/** The Global Discovery Services; a token for one is a token for Dynamics. */
export const globalDiscoveryOrigins: readonly string[] = clouds.flatMap((cloud) => cloud.globalDiscovery);
