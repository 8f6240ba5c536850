import { Agent } from 'node:https';
import { DecryptCommand, EncryptCommand, KMSClient, KMSServiceException } from '@aws-sdk/client-kms';
import type { WrappingKeyConfig } from '../../config/read-wrapping-key.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { firstServerError } from '../../ground/http-status.ts';
import { VaultError, type VaultErrorCode } from '../vault-error.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { remoteWords } from './remote-words.ts';

type KmsKeyConfig = Extract<WrappingKeyConfig, { service: 'aws_kms' }>;

const maxAttempts = 5;
const connectionTimeout = 5 * millisecondsPerSecond;
const requestTimeout = 5 * millisecondsPerSecond;

/** Part of what the service authenticates, and of its own log: a wrapped text opens for this key id alone. */
const encryptionContext = (id: string) => ({ application: 'latchkey', key: id });

/**
 * A symmetric key of AWS KMS that wraps, with an encryption context. Credentials, and the region where the address has
 * none, are found as AWS's own libraries do; `AWS_ENDPOINT_URL_KMS` names another endpoint.
 *
 * Needed rights: `kms:Encrypt` and `kms:Decrypt`.
 */
export function createKmsWrapper({ address, place, id, proxy }: KmsKeyConfig): KeyWrapper {
  const client = new KMSClient({
    ...(place && { region: place.region }),
    maxAttempts,
    requestHandler: {
      connectionTimeout,
      requestTimeout,
      throwOnRequestTimeout: true,
      httpsAgent: new Agent({ keepAlive: true, proxyEnv: proxy }),
    },
  });

  return {
    address,

    async wrap(plain, keyId, signal) {
      try {
        const { CiphertextBlob: text, KeyId: wrappedBy } = await client.send(
          new EncryptCommand({
            KeyId: address,
            Plaintext: plain,
            EncryptionContext: encryptionContext(keyId),
          }),
          abortBy(signal),
        );
        if (!text || !wrappedBy) throw noAnswer(address);
        return { wrappedBy, wrapped: Buffer.from(text) };
      } catch (error) {
        throw explain(error, address, [plain]);
      }
    },

    async unwrap({ id: keyId, wrappedBy, wrapped }, signal) {
      try {
        const { Plaintext: plain } = await client.send(
          new DecryptCommand({
            // A replica in this region opens what its sibling has wrapped; behind an alias is by now perhaps another key.
            KeyId: id.startsWith('alias/') ? wrappedBy : address,
            CiphertextBlob: wrapped,
            EncryptionContext: encryptionContext(keyId),
          }),
          abortBy(signal),
        );
        if (!plain) throw noAnswer(wrappedBy);
        return Buffer.from(plain);
      } catch (error) {
        throw explain(error, wrappedBy, []);
      }
    },
  };
}

function abortBy(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

function noAnswer(address: string): VaultError {
  return new VaultError(
    'wrapping_service_unavailable',
    `${address} (its answer has no wrapped text, or no key)`,
  );
}

/** By the name of the failure: "Common errors" and those of Encrypt and Decrypt in AWS KMS's reference. */
const codesByName: Readonly<Record<string, VaultErrorCode>> = {
  CredentialsProviderError: 'wrapping_credentials_refused',
  TokenProviderError: 'wrapping_credentials_refused',
  ExpiredTokenException: 'wrapping_credentials_refused',
  IncompleteSignature: 'wrapping_credentials_refused',
  InvalidClientTokenId: 'wrapping_credentials_refused',
  InvalidSignatureException: 'wrapping_credentials_refused',
  MissingAuthenticationTokenException: 'wrapping_credentials_refused',
  SignatureDoesNotMatch: 'wrapping_credentials_refused',
  UnrecognizedClientException: 'wrapping_credentials_refused',
  AccessDeniedException: 'wrapping_key_forbidden',
  NotAuthorized: 'wrapping_key_forbidden',
  DisabledException: 'wrapping_key_unusable',
  InvalidArnException: 'wrapping_key_unusable',
  InvalidKeyUsageException: 'wrapping_key_unusable',
  KMSInvalidStateException: 'wrapping_key_unusable',
  NotFoundException: 'wrapping_key_unusable',
  ValidationException: 'wrapping_key_unusable',
  IncorrectKeyException: 'keys_not_unwrapped',
  InvalidCiphertextException: 'keys_not_unwrapped',
};

/** Without the error as a cause: it may hold the answer, and so what was unwrapped. */
function explain(error: unknown, address: string, sent: readonly Buffer[]): VaultError {
  if (error instanceof VaultError) return error;
  if (!(error instanceof Error)) throw error;
  if (error.message === 'Region is missing') {
    return new VaultError(
      'wrapping_key_unusable',
      `${address} (no region: set AWS_REGION, or name the key by its ARN)`,
    );
  }
  const detail = `${address} (${error.name}: ${remoteWords(error.message, sent)})`;
  const isPassing =
    error instanceof KMSServiceException && (error.$metadata.httpStatusCode ?? 0) >= firstServerError;
  const code = isPassing ? undefined : codesByName[error.name];
  return new VaultError(code ?? 'wrapping_service_unavailable', detail);
}
