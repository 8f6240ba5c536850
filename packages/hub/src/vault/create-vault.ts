import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { HubError } from '../errors/hub-error.ts';
import type { Random } from '../ground/random.ts';
import type { Keyring } from './keyring.ts';
import type { VaultKey } from './vault-key.ts';

/**
 * Encryption at rest: AES-256-GCM with a key id in every sealed text and the row's place as authenticated data,
 * so that a sealed value moved to another row does not open.
 */
export interface Vault {
  /** @param place what the value belongs to, e.g. `token_sets/{id}/access_token` */
  seal(plaintext: string, place: string): string;
  /** @throws HubError `vault_key_unknown`, `vault_unreadable` */
  open(sealed: string, place: string): string;
  /**
   * Seals a value anew with a certain key, for a rotation.
   *
   * @returns null when that key has sealed it already
   * @throws HubError `vault_key_unknown`, `vault_unreadable`
   */
  reseal(sealed: string, place: string, keyId: string): string | null;
  /** The keys that it works with. */
  keyring: Keyring;
}

/** @returns the id of the key that a value was sealed with; empty for what is no sealed text */
function keyIdOf(sealed: string): string {
  const [version, keyId = ''] = sealed.split('.');
  return version === formatVersion ? keyId : '';
}

/** @returns what every text begins with that a key has sealed */
export function sealedPrefix(keyId: string): string {
  return `${formatVersion}.${keyId}.`;
}

const algorithm = 'aes-256-gcm';
/** The version of the format: `v1.{key id}.{nonce, ciphertext and tag in base64url}`. */
const formatVersion = 'v1';
// NIST SP 800-38D: a nonce of 96 bits, at random for up to 2^32 values a key; the full tag of 128 bits.
const nonceBytes = 12;
const tagBytes = 16;

export function createVault(keyring: Keyring, random: Random): Vault {
  function sealWith({ id, secret }: VaultKey, plaintext: string, place: string): string {
    const nonce = random.bytes(nonceBytes);
    const cipher = createCipheriv(algorithm, keyObjectOf(secret), nonce, { authTagLength: tagBytes });
    cipher.setAAD(authenticatedData(id, place));
    const ciphertext = [cipher.update(plaintext, 'utf8'), cipher.final()];
    const text = Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]).toString('base64url');
    return `${sealedPrefix(id)}${text}`;
  }

  function find(keyId: string, place: string): VaultKey {
    const key = keyring.find(keyId);
    if (key) return key;
    throw new HubError('vault_key_unknown', { detail: `${place} was sealed with the key "${keyId}".` });
  }

  const vault: Vault = {
    keyring,

    seal: (plaintext, place) => sealWith(keyring.sealing(), plaintext, place),

    reseal(sealed, place, keyId) {
      if (keyIdOf(sealed) === keyId) return null;
      return sealWith(find(keyId, place), vault.open(sealed, place), place);
    },

    open(sealed, place) {
      const [version, keyId = '', text = ''] = sealed.split('.');
      const bytes = Buffer.from(text, 'base64url');
      if (version !== formatVersion || bytes.length < nonceBytes + tagBytes) {
        throw new HubError('vault_unreadable', { detail: `${place} is no sealed text.` });
      }
      const key = find(keyId, place);
      try {
        return decrypt(key, bytes, place);
      } catch (cause) {
        // The only failure of GCM: the tag does not fit the key, the text or the place.
        throw new HubError('vault_unreadable', {
          detail: `${place} is damaged or belongs elsewhere.`,
          cause,
        });
      }
    },
  };
  return vault;
}

function decrypt(key: VaultKey, bytes: Buffer, place: string): string {
  const nonce = bytes.subarray(0, nonceBytes);
  const decipher = createDecipheriv(algorithm, keyObjectOf(key.secret), nonce, { authTagLength: tagBytes });
  decipher.setAAD(authenticatedData(key.id, place));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plaintext = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  return Buffer.concat([plaintext, decipher.final()]).toString('utf8');
}

/** Node makes one of the bytes for each cipher otherwise, which takes as long as the sealing. */
const keyObjects = new WeakMap<Buffer, KeyObject>();

function keyObjectOf(secret: Buffer): KeyObject {
  const known = keyObjects.get(secret);
  if (known) return known;
  const made = createSecretKey(secret);
  keyObjects.set(secret, made);
  return made;
}

function authenticatedData(keyId: string, place: string): Buffer {
  return Buffer.from(`${formatVersion}.${keyId}.${place}`);
}
