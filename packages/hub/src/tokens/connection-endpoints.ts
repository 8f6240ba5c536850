import { type CloudConfig, isAuthority } from '../config/config.ts';
import type { ConnectionRow } from '../store/schema.ts';

/** Any work or school account, where the environment's tenant is not known. */
const anyOrganization = 'organizations';

export interface ConnectionEndpoints {
  authorization: string;
  token: string;
  /** The discovery document; null for a token URL that is not Entra ID's, which has none. */
  discovery: string | null;
}

/** @returns the addresses of Entra ID for a connection: of its tenant, in its version, or the token URL it was given */
export function connectionEndpoints(
  cloud: CloudConfig,
  row: Pick<ConnectionRow, 'tenant_id' | 'endpoint_version' | 'token_url'>,
): ConnectionEndpoints {
  const tenant = `${cloud.authority}/${row.tenant_id ?? anyOrganization}`;
  const isV2 = row.endpoint_version === 'v2';
  const oauth = `${tenant}/oauth2${isV2 ? '/v2.0' : ''}`;
  const isForeign = row.token_url !== null && !isAuthority(cloud, new URL(row.token_url).origin);
  return {
    authorization: `${oauth}/authorize`,
    token: row.token_url ?? `${oauth}/token`,
    discovery: isForeign ? null : `${tenant}${isV2 ? '/v2.0' : ''}/.well-known/openid-configuration`,
  };
}
