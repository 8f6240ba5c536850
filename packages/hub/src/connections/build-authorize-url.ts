import { buildAuthorizationUrl } from 'openid-client';
import { configure } from '../token-endpoint/request-token.ts';
import { resolveTokenClient } from '../tokens/resolve-token-client.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { findConnection } from './find-connection.ts';

/** What a sign-in is bound by. */
export interface AuthorizeRequest {
  state: string;
  /** S256 of the code verifier (RFC 7636 §4.2); v1 takes it, too. */
  codeChallenge: string;
  redirectUri: string;
}

/**
 * Builds the address of Microsoft's sign-in page for a connection.
 *
 * @throws HubError `connection_not_found`, `registration_not_found`, `registration_not_ready`
 */
export async function buildConnectionAuthorizeUrl(
  context: TokenContext,
  connectionId: string,
  { state, codeChallenge, redirectUri }: AuthorizeRequest,
): Promise<string> {
  const connection = await findConnection(context, connectionId);
  const client = await resolveTokenClient(context, connection);
  const url = buildAuthorizationUrl(configure(client, null), {
    ...context.provider.resourceParameters(connection),
    redirect_uri: redirectUri,
    response_mode: 'query',
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    // The browser may be signed in as somebody else than whose account the connection is for.
    prompt: 'select_account',
  });
  return url.href;
}
