import { DefaultAzureCredential } from '@azure/identity';
import { CryptographyClient, KeyClient, type KeyWrapAlgorithm } from '@azure/keyvault-keys';
import { z } from 'zod';
import type { WrappingKeyConfig } from '../../config/read-wrapping-key.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import {
  badRequest,
  conflict,
  firstServerError,
  forbidden,
  notFound,
  unauthorized,
} from '../../ground/http-status.ts';
import { VaultError, type VaultErrorCode } from '../vault-error.ts';
import type { KeyWrapper } from './key-wrapper.ts';
import { remoteWords } from './remote-words.ts';

type KeyVaultKeyConfig = Extract<WrappingKeyConfig, { service: 'azure_key_vault' }>;

const algorithm: KeyWrapAlgorithm = 'RSA-OAEP-256';
const retryOptions = { maxRetries: 4, retryDelayInMs: 250, maxRetryDelayInMs: 5 * millisecondsPerSecond };

/**
 * A key of Azure Key Vault or Managed HSM that wraps, by RSA-OAEP-256. Credentials are found as Azure's own libraries do:
 * environment, workload identity, managed identity, and who is signed in to Azure's command line.
 *
 * Needed rights: `keys/wrapKey` and `keys/unwrapKey`; `keys/get`, where no version is named.
 */
export function createKeyVaultWrapper(key: KeyVaultKeyConfig): KeyWrapper {
  const credential = new DefaultAzureCredential({ retryOptions });
  const options = { retryOptions };
  const clients = new Map<string, CryptographyClient>();

  /**
   * Given more than an address, the client does not ask for the key first: that takes a further right, and it would
   * refuse to unwrap by a key that has expired, which the service does.
   */
  function clientOf(id: string): CryptographyClient {
    const known = clients.get(id);
    if (known) return known;
    const { vault: vaultUrl, name } = key;
    const client = new CryptographyClient({ id, name, properties: { vaultUrl, name } }, credential, options);
    clients.set(id, client);
    return client;
  }

  async function currentVersion(watched: Watched): Promise<string> {
    if (key.version !== null) return key.address;
    const { id = '' } = await new KeyClient(key.vault, credential, options).getKey(key.name, watched);
    return id;
  }

  return {
    address: key.address,

    async wrap(plain, _id, signal) {
      const { watched, lastStatus } = watch(signal);
      try {
        const wrappedBy = await currentVersion(watched);
        const { result } = await clientOf(wrappedBy).wrapKey(algorithm, plain, watched);
        return { wrappedBy, wrapped: Buffer.from(result) };
      } catch (error) {
        const [address, status] = [key.address, lastStatus()];
        throw explainKeyVaultFailure(error, {
          address,
          status,
          whenBad: 'wrapping_key_unusable',
          sent: [plain],
        });
      }
    },

    async unwrap({ wrappedBy, wrapped }, signal) {
      const { watched, lastStatus } = watch(signal);
      try {
        const { result } = await clientOf(wrappedBy).unwrapKey(algorithm, wrapped, watched);
        return Buffer.from(result);
      } catch (error) {
        const [address, status] = [wrappedBy, lastStatus()];
        throw explainKeyVaultFailure(error, { address, status, whenBad: 'keys_not_unwrapped', sent: [] });
      }
    },
  };
}

interface Watched {
  abortSignal?: AbortSignal;
  onResponse: (response: { status: number }) => void;
}

/** The client forgets the status of an answer that it can't read. */
function watch(signal: AbortSignal | undefined): { watched: Watched; lastStatus: () => number | null } {
  let last: number | null = null;
  const onResponse = ({ status }: { status: number }) => {
    last = status;
  };
  return {
    watched: { ...(signal && { abortSignal: signal }), onResponse },
    lastStatus: () => last,
  };
}

/** By the status; a key that is disabled is a 403 as well, told apart by its code. */
const codesByStatus: Readonly<Record<number, VaultErrorCode>> = {
  [unauthorized]: 'wrapping_credentials_refused',
  [forbidden]: 'wrapping_key_forbidden',
  [notFound]: 'wrapping_key_unusable',
  [conflict]: 'wrapping_key_unusable',
};

const credentialErrors: ReadonlySet<string> = new Set([
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
  'CredentialUnavailableError',
]);

interface Attempt {
  address: string;
  /** Of the last answer; null where none came. */
  status: number | null;
  /** What a request that makes no sense to the service means. */
  whenBad: VaultErrorCode;
  sent: readonly Buffer[];
}

/**
 * What a failure of the vendor's clients means. Without the error as a cause: it holds the request, with its token and what
 * was to be wrapped.
 */
export function explainKeyVaultFailure(
  error: unknown,
  { address, status, whenBad, sent }: Attempt,
): VaultError {
  if (error instanceof VaultError) return error;
  if (!(error instanceof Error)) throw error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  const words =
    error instanceof TypeError ? 'an answer that makes no sense' : remoteWords(error.message, sent);
  const detail = `${address} (${[status, code, words].filter((part) => part !== null).join(' ')})`;
  if (credentialErrors.has(error.name)) {
    return new VaultError('wrapping_credentials_refused', `${address} (there are none: ${words})`);
  }
  if (error.name === 'AuthenticationError' && !isServerFault(error)) {
    return new VaultError('wrapping_credentials_refused', detail);
  }
  if (status === forbidden && innerCodeOf(error) === 'KeyDisabled') {
    return new VaultError('wrapping_key_unusable', detail);
  }
  if (status === badRequest) return new VaultError(whenBad, detail);
  return new VaultError(codesByStatus[status ?? 0] ?? 'wrapping_service_unavailable', detail);
}

/** Entra ID's own trouble, which passes. */
function isServerFault(error: Error): boolean {
  return 'statusCode' in error && Number(error.statusCode) >= firstServerError;
}

const errorBody = z.object({ error: z.object({ innerError: z.object({ code: z.string() }) }) });

/** "Key Vault REST API error codes": what a 403 is about stands in the inner error. */
function innerCodeOf(error: Error): string | null {
  const body = errorBody.safeParse('details' in error ? error.details : null);
  return body.success ? body.data.error.innerError.code : null;
}
