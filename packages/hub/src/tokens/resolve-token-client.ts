import type { ConnectionRow } from '../store/schema.ts';
import type { TokenClient } from '../token-endpoint/request-token.ts';
import { connectionEndpoints } from './connection-endpoints.ts';
import { registrationCredentials } from './registration-credentials.ts';
import type { TokenContext } from './token-context.ts';

/**
 * Finds out who asks for a connection's tokens, and where. A secret of the connection's own goes before that of its
 * registration, so that a person can mend a connection whose registration's secret has ended.
 *
 * @throws HubError `registration_not_ready`, `vault_key_unknown`, `vault_unreadable`
 */
export async function resolveTokenClient(context: TokenContext, row: ConnectionRow): Promise<TokenClient> {
  const { authorization, token } = connectionEndpoints(context.config.cloud, row);
  const endpoints = { authorizationEndpoint: authorization, tokenEndpoint: token };
  const { sealed_client_secret: sealed, registration_id: registrationId } = row;
  if (sealed !== null) {
    const clientSecret = context.vault.open(sealed, connectionSecretPlace(row.id));
    return { ...endpoints, clientId: row.client_id, clientSecret };
  }
  if (registrationId === null) return { ...endpoints, clientId: row.client_id, clientSecret: null };
  const { clientId, clientSecret } = await registrationCredentials(context, registrationId);
  return { ...endpoints, clientId, clientSecret };
}

/** Where a connection's own sealed client secret belongs; a value moved to another row or column does not open. */
export function connectionSecretPlace(connectionId: string): string {
  return `connections/${connectionId}/sealed_client_secret`;
}
