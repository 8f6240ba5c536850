import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mayUnwrap, parseWrappingKey } from '../../config/read-wrapping-key.ts';
import { VaultError } from '../vault-error.ts';
import type { KeyWrapper } from '../wrapping/key-wrapper.ts';

/** A wrapping key in memory, with versions; by the rules of Azure Key Vault's. */
export interface MemoryWrapper extends KeyWrapper {
  /** Ids of the keys that were unwrapped, in order. */
  unwrapped: string[];
  /** What it throws in place of an answer; null answers. */
  failure: VaultError | null;
  /** Makes a version that is current from then on. @returns its address */
  rotate(): string;
}

const nonceBytes = 12;
const tagBytes = 16;
export const someWrappingKey = 'https://contoso.vault.azure.net/keys/latchkey';

export function createMemoryWrapper(address: string = someWrappingKey): MemoryWrapper {
  const config = parseWrappingKey(address);
  if (!config) throw new Error(`${address} is no address.`);
  const versions = new Map<string, Buffer>();
  let current = '';
  const wrapper: MemoryWrapper = {
    address,
    unwrapped: [],
    failure: null,
    rotate() {
      current = `${address}/${randomBytes(16).toString('hex')}`;
      versions.set(current, randomBytes(32));
      return current;
    },
    async wrap(plain) {
      if (wrapper.failure) throw wrapper.failure;
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', secretOf(current), nonce, { authTagLength: tagBytes });
      const parts = [nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()];
      return { wrappedBy: current, wrapped: Buffer.concat(parts) };
    },
    async unwrap({ id, wrappedBy, wrapped }) {
      if (wrapper.failure) throw wrapper.failure;
      if (!mayUnwrap(config, wrappedBy)) throw new VaultError('keys_wrapped_otherwise', wrappedBy);
      wrapper.unwrapped.push(id);
      const nonce = wrapped.subarray(0, nonceBytes);
      const decipher = createDecipheriv('aes-256-gcm', secretOf(wrappedBy), nonce, {
        authTagLength: tagBytes,
      });
      decipher.setAuthTag(wrapped.subarray(-tagBytes));
      return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
    },
  };

  function secretOf(version: string): Buffer {
    const secret = versions.get(version);
    if (!secret) throw new VaultError('wrapping_key_unusable', version);
    return secret;
  }

  wrapper.rotate();
  return wrapper;
}

/** @returns a failure of a service that is away */
export function away(): VaultError {
  return new VaultError('wrapping_service_unavailable', 'away');
}
