import { OperatorError, type OperatorErrors } from '../errors/operator-error.ts';

/** What is wrong with the keys; each ends the start with one sentence and a way out. */
const vaultErrors = {
  keys_malformed: {
    title: 'The keys can’t be read',
    remedy: 'Write each key as id:base64, where base64 is 32 random bytes (openssl rand -base64 32).',
  },
  key_file_exposed: {
    title: 'Others on this machine can read the key file',
    remedy:
      'Take their rights away with chmod o= (in Kubernetes: defaultMode 0440 and fsGroup); if others may have read it, treat its key as known.',
  },
  key_file_unusable: {
    title: 'The key file can’t be read or written',
    remedy: 'Make the file readable for this user, or give the keys in LATCHKEY_KEYS.',
  },
  key_file_changed: {
    title: 'Somebody else has changed the key file meanwhile',
    remedy: 'Nothing was written: see by latchkey keys list what is there now, and try again.',
  },
  keys_wrapped: {
    title: 'The keys are wrapped, and no key is configured that unwraps them',
    remedy:
      'Set LATCHKEY_WRAPPING_KEY to the address in the message, if that key is yours; or put back the key file that fits.',
  },
  keys_wrapped_otherwise: {
    title: 'The keys are wrapped by another key than LATCHKEY_WRAPPING_KEY names',
    remedy:
      'Name that key again; or, if it is yours, have the keys wrapped by the new one: latchkey keys wrap --from with the address in the message.',
  },
  keys_not_unwrapped: {
    title: 'What the wrapping key has given back is not the key',
    remedy:
      'The key file is damaged, or was wrapped by another key of that name: put it back from the backup, or restore the wrapping key.',
  },
  wrapping_key_unset: {
    title: 'No wrapping key is configured',
    remedy: 'Set LATCHKEY_WRAPPING_KEY to the address of a key in Azure Key Vault or AWS KMS.',
  },
  wrapping_client_missing: {
    title: 'The packages that speak to the wrapping key’s service are not installed',
    remedy: 'Run that command in Latchkey’s folder, or build them into the image, and start again.',
  },
  wrapping_service_unavailable: {
    title: 'The service that has the wrapping key gives no usable answer',
    remedy:
      'See to the network, the proxy and the address, and start again. Nothing is lost: the key file is as it was.',
  },
  wrapping_credentials_refused: {
    title: 'The service that has the wrapping key does not accept who the hub is',
    remedy:
      'Give the hub an identity of its platform or credentials in the environment, as docs/configuration.md says, and look at the clock.',
  },
  wrapping_key_forbidden: {
    title: 'The hub’s identity may not use the wrapping key',
    remedy:
      'Give it the role Key Vault Crypto Service Encryption User on the key (Azure), or kms:Encrypt and kms:Decrypt (AWS); and let this network reach the vault.',
  },
  wrapping_key_unusable: {
    title: 'The wrapping key can’t be used',
    remedy:
      'Enable or restore it, and all its versions that have wrapped something; a deleted one can be recovered for some days. Azure: an RSA key; AWS: a symmetric one for encryption.',
  },
  keys_kept_elsewhere: {
    title: 'The keys are kept where this command can’t change them',
    remedy: 'Change LATCHKEY_KEYS where the hubs are started, and start them again.',
  },
  key_unknown: {
    title: 'There is no such key here',
    remedy: 'See latchkey keys list for the keys that there are.',
  },
  key_in_use: {
    title: 'The key can’t go yet',
    remedy:
      'Seal what it has sealed with another key: latchkey keys rotate. What can’t be opened by any key is told by latchkey keys list.',
  },
  keys_missing: {
    title: 'The database was sealed with a key that is not here',
    remedy:
      'Put the key file back from the backup, or give its line in LATCHKEY_KEYS. Without the key the stored secrets are lost: move the database away to start anew.',
  },
  keys_do_not_fit: {
    title: 'The key is another one than the database was sealed with',
    remedy: 'Use the database and the keys of the same installation or backup.',
  },
} as const satisfies OperatorErrors<string>;

export type VaultErrorCode = keyof typeof vaultErrors;

/** The vault can't be opened. `message` says what is wrong, `remedy` what to do; neither carries a key. */
export class VaultError extends OperatorError<VaultErrorCode> {
  override readonly name = 'VaultError';

  constructor(code: VaultErrorCode, detail: string, options?: ErrorOptions) {
    super(vaultErrors, code, detail, options);
  }
}
