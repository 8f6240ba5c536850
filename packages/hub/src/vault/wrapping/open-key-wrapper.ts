import { mayUnwrap, type WrappingKeyConfig } from '../../config/read-wrapping-key.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import type { WrappedKey } from '../kept-key.ts';
import { VaultError } from '../vault-error.ts';
import type { KeyWrapper } from './key-wrapper.ts';

/** With everything that is tried again meanwhile. */
const patienceMilliseconds = 20 * millisecondsPerSecond;

/**
 * The vendors' clients, which only those install who use them; `packages/hub/package.json` has the same versions
 * (docs/decisions/0013-wrapping-clients-on-demand.md).
 */
export const clientPackages: Readonly<Record<WrappingKeyConfig['service'], readonly string[]>> = {
  azure_key_vault: ['@azure/keyvault-keys@4.10.2', '@azure/identity@4.14.0'],
  aws_kms: ['@aws-sdk/client-kms@3.1164.0'],
};

/** Adds to what the product itself needs, and to nothing that only tests need. */
const installCommand = 'npm install --no-save --omit=dev --workspace packages/cli --include-workspace-root';

/**
 * Opens the way to the key that wraps. The vendor's client is loaded when it is first used.
 *
 * @param options.patience how many milliseconds one wrapping or unwrapping may take
 */
export function openKeyWrapper(
  key: WrappingKeyConfig,
  { patience = patienceMilliseconds }: { patience?: number } = {},
): KeyWrapper {
  const { address } = key;
  let loading: Promise<KeyWrapper> | undefined;
  const use = async <T>(work: (wrapper: KeyWrapper, signal: AbortSignal) => Promise<T>): Promise<T> => {
    loading ??= loadWrapper(key);
    const wrapper = await loading;
    return withPatience((signal) => work(wrapper, signal), { patience, address });
  };
  return {
    address,
    wrap: (plain, id) => use((wrapper, signal) => wrapper.wrap(plain, id, signal)),
    async unwrap(wrapped: WrappedKey) {
      if (!mayUnwrap(key, wrapped.wrappedBy)) {
        throw new VaultError('keys_wrapped_otherwise', `"${wrapped.id}" is wrapped by ${wrapped.wrappedBy}`);
      }
      return use((wrapper, signal) => wrapper.unwrap(wrapped, signal));
    },
  };
}

async function loadWrapper(key: WrappingKeyConfig): Promise<KeyWrapper> {
  try {
    if (key.service === 'azure_key_vault') {
      return (await import('./azure-key-vault.ts')).createKeyVaultWrapper(key);
    }
    return (await import('./aws-kms.ts')).createKmsWrapper(key);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    const command = [installCommand, ...clientPackages[key.service]].join(' ');
    throw new VaultError('wrapping_client_missing', command, { cause: error });
  }
}

/** The clients' own limits are for one request each, and how they look for credentials has others. */
async function withPatience<T>(
  work: (signal: AbortSignal) => Promise<T>,
  { patience, address }: { patience: number; address: string },
): Promise<T> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const seconds = patience / millisecondsPerSecond;
      reject(
        new VaultError('wrapping_service_unavailable', `${address} (no whole answer within ${seconds} s)`),
      );
      ending.abort();
    }, patience);
  });
  try {
    return await Promise.race([work(ending.signal), end]);
  } finally {
    clearTimeout(timer);
  }
}
