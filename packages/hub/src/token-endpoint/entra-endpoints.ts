/** Where Entra ID answers for a tenant, in one of its versions. */
export interface EntraEndpoints {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  deviceAuthorizationEndpoint: string;
  discoveryDocument: string;
}

/** @param tenant a GUID, a domain, or `organizations` */
export function entraEndpoints(authority: string, tenant: string, version: 'v1' | 'v2'): EntraEndpoints {
  const base = `${authority}/${encodeURIComponent(tenant)}`;
  const [oauth, discovery] =
    version === 'v2' ? [`${base}/oauth2/v2.0`, `${base}/v2.0`] : [`${base}/oauth2`, base];
  return {
    authorizationEndpoint: `${oauth}/authorize`,
    tokenEndpoint: `${oauth}/token`,
    deviceAuthorizationEndpoint: `${oauth}/devicecode`,
    discoveryDocument: `${discovery}/.well-known/openid-configuration`,
  };
}
