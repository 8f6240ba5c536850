import { HubError } from '../errors/hub-error.ts';
import { readAccessToken } from '../ground/outside-values.ts';
import { readTokenFacts, type StoredTokenFacts } from '../token-endpoint/read-token-facts.ts';

/** Tokens that were got elsewhere and typed in; one of them may be missing. */
export interface TypedTokens {
  accessToken: string | null;
  refreshToken: string | null;
  /** Of the access token. */
  facts: StoredTokenFacts | null;
}

/**
 * @returns typed tokens as they can be sent
 * @throws HubError `invalid_body` at `accessToken`, when there is neither, or it is none of Entra ID's
 */
export function readTypedTokens(input: {
  accessToken?: string | undefined;
  refreshToken?: string | undefined;
}): TypedTokens {
  const refreshToken = input.refreshToken === undefined ? null : unwrap(input.refreshToken);
  // People copy the whole header.
  const accessToken =
    input.accessToken === undefined ? null : unwrap(input.accessToken.replace(/^Bearer\s+/i, ''));
  if (accessToken === null && refreshToken === null) {
    throw refusal('Give an access token, a refresh token, or both.');
  }
  const sendable = readAccessToken(accessToken);
  const facts = sendable === null ? null : readTokenFacts(sendable);
  if (accessToken !== null && facts === null) {
    throw refusal(
      'This is no access token of Microsoft Entra ID: copy all of "access_token", three parts with dots.',
    );
  }
  return { accessToken, refreshToken, facts };
}

/** Terminals and mails break long lines; no token has blanks (RFC 6750 §2.1). */
function unwrap(token: string): string {
  return token.replace(/\s+/g, '');
}

function refusal(message: string): HubError {
  return new HubError('invalid_body', { fields: [{ path: 'accessToken', message }] });
}
