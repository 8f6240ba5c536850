/** As Entra ID's own hint of a secret. */
const hintLength = 3;

/** @returns the first characters of a secret, by which a person tells it from others */
export function clientSecretHint(clientSecret: string): string {
  return clientSecret.slice(0, hintLength);
}
