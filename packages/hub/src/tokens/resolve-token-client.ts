import type { ConnectionRow } from '../store/schema.ts';
import { certificateCredential } from '../token-endpoint/client-certificate.ts';
import type { ClientCredential } from '../token-endpoint/client-credential.ts';
import type { TokenClient } from '../token-endpoint/request-token.ts';
import { connectionEndpoints } from './connection-endpoints.ts';
import { registrationCredentials } from './registration-credentials.ts';
import type { TokenContext } from './token-context.ts';

/**
 * Finds out who asks for a connection's tokens, and where. A credential of the connection's own goes before that of its
 * registration, so that a person can mend a connection whose registration's secret has ended.
 *
 * @throws HubError `registration_not_ready`, `vault_key_unknown`, `vault_unreadable`
 */
export async function resolveTokenClient(context: TokenContext, row: ConnectionRow): Promise<TokenClient> {
  const { authorization, token } = connectionEndpoints(context.config.cloud, row);
  const endpoints = { authorizationEndpoint: authorization, tokenEndpoint: token };
  const own = ownCredential(context, row);
  if (own.kind !== 'none' || row.registration_id === null) {
    return { ...endpoints, clientId: row.client_id, credential: own };
  }
  const { clientId, credential, previousCredential } = await registrationCredentials(
    context,
    row.registration_id,
  );
  return { ...endpoints, clientId, credential, ...(previousCredential && { previousCredential }) };
}

function ownCredential({ vault }: Pick<TokenContext, 'vault'>, row: ConnectionRow): ClientCredential {
  const { id, sealed_client_secret: sealedSecret, sealed_private_key: sealedKey, certificate } = row;
  if (sealedSecret !== null) {
    return { kind: 'secret', secret: vault.open(sealedSecret, connectionSecretPlace(id)) };
  }
  if (sealedKey === null || certificate === null) return { kind: 'none' };
  return certificateCredential({ privateKey: vault.open(sealedKey, connectionKeyPlace(id)), certificate });
}

/** Where a connection's own sealed client secret belongs; a value moved to another row or column does not open. */
export function connectionSecretPlace(connectionId: string): string {
  return `connections/${connectionId}/sealed_client_secret`;
}

/** Where the sealed private key of a connection's own certificate belongs. */
export function connectionKeyPlace(connectionId: string): string {
  return `connections/${connectionId}/sealed_private_key`;
}
