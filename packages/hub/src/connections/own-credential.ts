import type { CreateConnection } from '@latchkey/api';
import { HubError } from '../errors/hub-error.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { type ClientCertificate, readClientCertificate } from '../token-endpoint/client-certificate.ts';
import { connectionKeyPlace, connectionSecretPlace } from '../tokens/resolve-token-client.ts';
import type { Vault } from '../vault/create-vault.ts';

/** A credential that was typed for one connection alone, and not for its registration. */
export type OwnCredential =
  | { kind: 'secret'; clientSecret: string }
  | ({ kind: 'certificate' } & ClientCertificate);

type Typed = Pick<CreateConnection, 'clientSecret' | 'clientCertificate'>;

/**
 * @returns the credential that was typed, or null when none was
 * @throws HubError `invalid_body` for a certificate that can't be used, or beside a client secret
 */
export function readOwnCredential({ clientSecret, clientCertificate }: Typed): OwnCredential | null {
  if (clientCertificate === undefined) {
    return clientSecret === undefined ? null : { kind: 'secret', clientSecret };
  }
  if (clientSecret !== undefined) {
    const message = 'Give either a client secret or a certificate, not both.';
    throw new HubError('invalid_body', { fields: [{ path: 'clientCertificate', message }] });
  }
  return { kind: 'certificate', ...readClientCertificate(clientCertificate) };
}

/** @returns the columns that hold the credential, sealed, in place of an earlier one */
export function ownCredentialColumns(
  vault: Vault,
  connectionId: string,
  credential: OwnCredential | null,
): Pick<ConnectionRow, 'sealed_client_secret' | 'sealed_private_key' | 'certificate'> {
  const none = { sealed_client_secret: null, sealed_private_key: null, certificate: null };
  if (credential === null) return none;
  if (credential.kind === 'secret') {
    const sealed = vault.seal(credential.clientSecret, connectionSecretPlace(connectionId));
    return { ...none, sealed_client_secret: sealed };
  }
  const { privateKey, certificate } = credential;
  return {
    ...none,
    sealed_private_key: vault.seal(privateKey, connectionKeyPlace(connectionId)),
    certificate,
  };
}
