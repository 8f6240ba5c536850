import type { TokenClient } from '../token-endpoint/request-token.ts';

/** @param tenant a GUID, a domain, or `organizations` */
export function entraEndpoints(
  authority: string,
  tenant: string,
): Pick<TokenClient, 'authorizationEndpoint' | 'tokenEndpoint'> & {
  deviceAuthorizationEndpoint: string;
  discoveryDocument: string;
} {
  const base = `${authority}/${encodeURIComponent(tenant)}`;
  return {
    authorizationEndpoint: `${base}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${base}/oauth2/v2.0/token`,
    deviceAuthorizationEndpoint: `${base}/oauth2/v2.0/devicecode`,
    discoveryDocument: `${base}/v2.0/.well-known/openid-configuration`,
  };
}
