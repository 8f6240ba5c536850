import { isRecord } from '../clients/read-assertion.ts';
import { EntraError } from '../errors/entra-error.ts';

/**
 * The claims that a request wants in its id token, whatever the registration lists (`claims`, OpenID Connect Core
 * §5.5). Microsoft's libraries ask for `login_hint` with every request, to give it back at the next.
 *
 * @param claims the parameter as sent
 * @throws EntraError 90013 when it is no JSON object
 */
export function requestedIdTokenClaims(claims: string | undefined): readonly string[] {
  if (claims === undefined) return [];
  const asked = parseObject(claims);
  if (!asked) throw new EntraError(90013, { parameter: 'claims' });
  return isRecord(asked.id_token) ? Object.keys(asked.id_token) : [];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
