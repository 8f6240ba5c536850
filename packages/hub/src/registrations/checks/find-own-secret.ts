import type { RegistrationRow } from '../../store/schema.ts';
import type { ApplicationFacts, SecretFacts } from './read-application.ts';

/**
 * @returns which of an application's secrets is the registration's: by its key id, else by its first characters where these
 *   tell it from all others; undefined when nothing tells it
 */
export function findOwnSecret(
  row: Pick<RegistrationRow, 'client_secret_key_id' | 'client_secret_hint'>,
  { passwordCredentials }: Pick<ApplicationFacts, 'passwordCredentials'>,
): SecretFacts | undefined {
  const { client_secret_key_id: keyId, client_secret_hint: hint } = row;
  if (keyId !== null) return passwordCredentials.find((secret) => secret.keyId === keyId);
  const alike = passwordCredentials.filter((secret) => hint !== null && secret.hint === hint);
  return alike.length === 1 ? alike[0] : undefined;
}
