import { authorizationCodeGrant } from 'openid-client';
import type { ConnectionRow } from '../store/schema.ts';
import { requestToken, type TokenAnswer } from '../token-endpoint/request-token.ts';
import { resolveTokenClient } from './resolve-token-client.ts';
import type { TokenContext } from './token-context.ts';

/** What came back from Microsoft's sign-in page, with what was kept when it was opened. */
export interface SignInCallback {
  /** The redirect URI with the query that came; built from the configuration, never from the Host header. */
  url: string;
  codeVerifier: string;
  redirectUri: string;
}

/**
 * Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). The state was checked and used up before.
 *
 * @throws HubError by what Microsoft says
 */
export async function exchangeAuthorizationCode(
  context: TokenContext,
  connection: ConnectionRow,
  callback: SignInCallback,
): Promise<TokenAnswer> {
  const client = await resolveTokenClient(context, connection);
  const url = new URL(callback.url);
  const state = url.searchParams.get('state') ?? '';
  const checks = { pkceCodeVerifier: callback.codeVerifier, expectedState: state };
  const outcome = await requestToken(context, client, 'authorization_code', (configuration) =>
    authorizationCodeGrant(configuration, url, checks, context.provider.resourceParameters(connection)),
  );
  if (!outcome.ok) throw outcome.failure;
  return outcome.answer;
}
