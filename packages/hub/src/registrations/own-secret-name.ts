/** What the secrets that the hub makes for a registration begin with in Entra ID, so that it knows them from a person's. */
export function ownSecretName(registrationId: string): string {
  return `Latchkey ${registrationId}`;
}
