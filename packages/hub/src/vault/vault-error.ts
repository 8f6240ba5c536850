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
} as const satisfies Record<string, { title: string; remedy: string }>;

export type VaultErrorCode = keyof typeof vaultErrors;

/** The vault can't be opened. `message` says what is wrong, `remedy` what to do; neither carries a key. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  readonly remedy: string;

  /** @param detail what it is about: a path, a key id; put behind the title */
  constructor(code: VaultErrorCode, detail: string, options?: ErrorOptions) {
    super(`${vaultErrors[code].title}: ${detail}.`, options);
    this.code = code;
    this.remedy = vaultErrors[code].remedy;
  }
}
