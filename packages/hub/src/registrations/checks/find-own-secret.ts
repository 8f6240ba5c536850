import type { RegistrationRow } from '../../store/schema.ts';
import type { ApplicationFacts, SecretFacts } from './read-application.ts';

/**
 * @returns which of an application's secrets, or certificates, is the registration's: by its key id; else by its first
 *   characters where these tell it from all others, or by its thumbprint; undefined when nothing tells it
 */
export function findOwnSecret(
  row: Pick<RegistrationRow, 'credential_kind' | 'client_secret_key_id' | 'client_secret_hint'>,
  { passwordCredentials, keyCredentials }: Pick<ApplicationFacts, 'passwordCredentials' | 'keyCredentials'>,
): Pick<SecretFacts, 'keyId' | 'endDateTime'> | undefined {
  const { client_secret_key_id: keyId, client_secret_hint: hint } = row;
  if (row.credential_kind === 'certificate') {
    return keyCredentials.find((key) =>
      keyId === null ? key.customKeyIdentifier === hint : key.keyId === keyId,
    );
  }
  if (keyId !== null) return passwordCredentials.find((secret) => secret.keyId === keyId);
  const alike = passwordCredentials.filter((secret) => hint !== null && secret.hint === hint);
  return alike.length === 1 ? alike[0] : undefined;
}
