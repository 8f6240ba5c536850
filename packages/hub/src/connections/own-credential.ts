import type { CreateConnection, UpdateConnection } from '@latchkey/api';
import { clientCredentialsGrant } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import { isSecretRefused } from '../evidence/secret-alarm.ts';
import type { ConnectionRow } from '../store/schema.ts';
import { type ClientCertificate, readClientCertificate } from '../token-endpoint/client-certificate.ts';
import { requestToken } from '../token-endpoint/request-token.ts';
import {
  connectionKeyPlace,
  connectionSecretPlace,
  resolveTokenClient,
} from '../tokens/resolve-token-client.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import type { Vault } from '../vault/create-vault.ts';

/** A credential that was typed for one connection alone, and not for its registration. */
export type OwnCredential =
  | { kind: 'secret'; clientSecret: string }
  | ({ kind: 'certificate' } & ClientCertificate);

/** What a connection is to go by from now on. */
type ChangedCredential = OwnCredential | { kind: 'of_the_registration' };

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

/**
 * @returns the credential that a connection is given instead; null when it stays
 * @throws HubError as `readOwnCredential`
 */
export function readChangedCredential({
  clientSecret,
  clientCertificate,
}: UpdateConnection): ChangedCredential | null {
  if (clientSecret === null && clientCertificate === undefined) return { kind: 'of_the_registration' };
  return readOwnCredential({ clientSecret: clientSecret ?? undefined, clientCertificate });
}

/** @returns the columns that hold the credential, sealed, in place of an earlier one */
export function ownCredentialColumns(
  vault: Vault,
  connectionId: string,
  credential: ChangedCredential | null,
): Pick<ConnectionRow, 'sealed_client_secret' | 'sealed_private_key' | 'certificate'> {
  const none = { sealed_client_secret: null, sealed_private_key: null, certificate: null };
  if (credential === null || credential.kind === 'of_the_registration') return none;
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

/**
 * Tries a credential before it takes the place of what a registration's connection goes by, which may be good: one that
 * was pasted wrong must not cost it. Only a refusal of the credential counts; what else may be amiss, the test tells.
 *
 * @param connection as it will be
 * @throws HubError with Microsoft's refusal; `invalid_body` where there is no registration to go back to
 */
export async function proveOwnCredential(
  context: TokenContext,
  connection: ConnectionRow,
  credential: ChangedCredential,
): Promise<void> {
  if (connection.registration_id === null) {
    if (credential.kind !== 'of_the_registration') return;
    const message = 'The connection has no registration whose secret it could go back to.';
    throw new HubError('invalid_body', { fields: [{ path: 'clientSecret', message }] });
  }
  const client = await resolveTokenClient(context, connection);
  const parameters = context.provider.resourceParameters({ ...connection, method: 'client_credentials' });
  const outcome = await requestToken(context, client, 'client_credentials', (configuration) =>
    clientCredentialsGrant(configuration, parameters),
  );
  if (!outcome.ok && isSecretRefused(outcome.failure)) throw outcome.failure;
}
