const mostCharacters = 300;

/**
 * What a service said, on one line and short. What may be a token or was sent to be wrapped is struck out: who answers
 * nonsense may repeat what it was sent.
 *
 * @param sent what must not come back, in clear
 */
export function remoteWords(text: string, sent: readonly Buffer[] = []): string {
  const secrets = sent.flatMap((bytes) => [
    bytes.toString('latin1'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]);
  const words = secrets
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text)
    .replace(/\beyJ[\w-]+\.[\w.-]+/g, '…')
    .replace(/\s+/g, ' ')
    .trim();
  return words.length > mostCharacters ? `${words.slice(0, mostCharacters)}…` : words;
}
