/**
 * Encryption at rest: AES-256-GCM with a key id in every sealed text and the row's place as authenticated data,
 * so that a sealed value moved to another row does not open.
 */
export interface Vault {
  /** @param place what the value belongs to, e.g. `token_sets/{id}/access_token` */
  seal(plaintext: string, place: string): string;
  /** @throws HubError `vault_key_unknown`, `vault_unreadable` */
  open(sealed: string, place: string): string;
}
