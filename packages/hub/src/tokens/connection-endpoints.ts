import { type CloudConfig, isAuthority } from '../config/config.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { entraEndpoints } from '../token-endpoint/entra-endpoints.ts';

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
  const tenant = row.tenant_id ?? anyOrganization;
  const entra = entraEndpoints(cloud.authority, tenant, row.endpoint_version);
  const isForeign = row.token_url !== null && !isAuthority(cloud, new URL(row.token_url).origin);
  return {
    authorization: entra.authorizationEndpoint,
    token: row.token_url ?? entra.tokenEndpoint,
    discovery: isForeign ? null : entra.discoveryDocument,
  };
}
