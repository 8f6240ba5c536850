import type { WrappedKey } from '../kept-key.ts';
import { VaultError } from '../vault-error.ts';
import { formatVaultKey, parseVaultKey, type VaultKey } from '../vault-key.ts';

/** Wraps what is small by a key that never leaves its service. */
export interface KeyWrapper {
  /** The key's address, as it was configured. */
  address: string;
  /**
   * @param id of the key that is wrapped, told to a service that binds the wrapped text to it
   * @param signal ends the attempt
   * @returns the wrapped text, and which key or version of it has wrapped it
   * @throws VaultError
   */
  wrap(plain: Buffer, id: string, signal?: AbortSignal): Promise<Omit<WrappedKey, 'id'>>;
  /** @throws VaultError */
  unwrap(key: WrappedKey, signal?: AbortSignal): Promise<Buffer>;
}

/**
 * Wraps a key, and proves that it can be had back before anybody relies on it. Its id is wrapped with it, so that wrapped
 * texts that change places in a file don't pass for each other.
 *
 * @throws VaultError
 */
export async function wrapKey(wrapper: KeyWrapper, key: VaultKey): Promise<WrappedKey> {
  const wrapped = { id: key.id, ...(await wrapper.wrap(Buffer.from(formatVaultKey(key)), key.id)) };
  const { secret } = await unwrapKey(wrapper, wrapped);
  if (!secret.equals(key.secret)) throw notUnwrapped(wrapped);
  return wrapped;
}

/** @throws VaultError, `keys_not_unwrapped` for what turns out to be another key, or none */
export async function unwrapKey(wrapper: KeyWrapper, wrapped: WrappedKey): Promise<VaultKey> {
  const plain = await wrapper.unwrap(wrapped);
  const key = parseOrNull(plain.toString('latin1'), wrapped);
  if (key?.id !== wrapped.id) throw notUnwrapped(wrapped);
  return key;
}

function parseOrNull(text: string, { id }: WrappedKey): VaultKey | null {
  try {
    return parseVaultKey(text, id);
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}

function notUnwrapped({ id, wrappedBy }: WrappedKey): VaultError {
  return new VaultError('keys_not_unwrapped', `key "${id}" by ${wrappedBy}`);
}
