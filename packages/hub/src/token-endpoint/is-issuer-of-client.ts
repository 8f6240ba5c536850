import { guidPattern, nationalClouds } from '@latchkey/microsoft';
import type { TokenClient } from './request-token.ts';

/** Where v1's issuers are, in every cloud but China's, the local one included. */
const tokenService = 'https://sts.windows.net';
const tokenServiceOfChina = 'https://sts.chinacloudapi.cn';

/** What discovery documents for more than one tenant have in the tenant's place. */
const tenantPlaceholder = '{tenantid}';

const issuerPattern = /^(https?:\/\/[\w.:[\]-]+)\/([\w.{}-]+)(?:\/v2\.0)?\/?$/i;
const guid = new RegExp(`^${guidPattern}$`, 'i');

/**
 * Tells whether an authorization answer's `iss` is the issuer that a client's authorize endpoint belongs to (RFC 9207
 * §2.4). Entra ID's issuer has the tenant's id in it, or the placeholder of the documents of `organizations` and
 * `common`; a client that names no tenant by id takes every tenant's. v1 and v2 differ in host, path and slash, and an
 * old name of a host is the same service: all of them are taken.
 */
export function isIssuerOfClient(
  { authorizationEndpoint }: Pick<TokenClient, 'authorizationEndpoint'>,
  issuer: string,
): boolean {
  const { origin, pathname } = new URL(authorizationEndpoint);
  const [, issuerOrigin = '', issuerTenant = ''] = issuerPattern.exec(issuer) ?? [];
  if (!issuerOriginsOf(origin).has(issuerOrigin.toLowerCase())) return false;
  const tenant = decodeURIComponent(pathname.split('/')[1] ?? '').toLowerCase();
  const named = issuerTenant.toLowerCase();
  return named === tenant || named === tenantPlaceholder || (guid.test(named) && !guid.test(tenant));
}

function issuerOriginsOf(origin: string): ReadonlySet<string> {
  const names = Object.values(nationalClouds)
    .map(({ authority, authorityAliases }) => [authority, ...authorityAliases])
    .filter((origins) => origins.includes(origin))
    .flat();
  const isChina = names.includes(nationalClouds.china.authority);
  return new Set([origin, ...names, isChina ? tokenServiceOfChina : tokenService]);
}
