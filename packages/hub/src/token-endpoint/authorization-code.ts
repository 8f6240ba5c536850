import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { authorizationCodeGrant, buildAuthorizationUrl, None } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import { describeCallbackError } from './describe-token-failure.ts';
import { isIssuerOfClient } from './is-issuer-of-client.ts';
import {
  configure,
  requestToken,
  type TokenClient,
  type TokenOutcome,
  type TokenRequestContext,
} from './request-token.ts';

/** What a sign-in is bound by. */
export interface AuthorizationRequest {
  state: string;
  /** S256 of the code verifier (RFC 7636 §4.2); v1 takes it, too. */
  codeChallenge: string;
  redirectUri: string;
  /** As whom: as whoever signed in last, or as anybody; the subject decides where nobody said. */
  account?: 'last' | 'other' | null;
}

/** What came back from Microsoft's sign-in page, with what was kept when it was opened. */
export interface AuthorizationCallback {
  /** The redirect URI with the query that came; built from the configuration, never from the Host header. */
  url: string;
  codeVerifier: string;
  redirectUri: string;
}

/** Whom Microsoft's page expects, so that nobody has to choose or type who they are. */
export interface AccountHint {
  login_hint: string;
  domain_hint?: string;
}

/**
 * @param parameters what is asked for: a scope, or v1's resource
 * @param account who is expected; null lets the person choose, since the browser may be signed in as somebody else than
 *   whose account it is for
 * @returns the address of Microsoft's sign-in page (RFC 6749 §4.1.1, with PKCE, RFC 7636 §4.3)
 */
export function buildAuthorizeUrl(
  client: TokenClient,
  { state, codeChallenge, redirectUri }: Omit<AuthorizationRequest, 'account'>,
  parameters: Record<string, string>,
  account: AccountHint | null = null,
): string {
  const url = buildAuthorizationUrl(configure(client, None(), null), {
    ...parameters,
    redirect_uri: redirectUri,
    response_mode: 'query',
    state,
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    ...(account ?? { prompt: 'select_account' }),
  });
  return url.href;
}

/**
 * @returns what is wrong when no code was sent back, or by another issuer than the client's (RFC 9207 §2.4: then nothing
 *   else of the answer counts, an error included); null when it is Microsoft's code
 */
export function callbackFailure(client: TokenClient, { url }: AuthorizationCallback): HubError | null {
  const { searchParams } = new URL(url);
  const issuer = searchParams.get('iss');
  if (issuer && !isIssuerOfClient(client, issuer)) return new HubError('callback_other_issuer');
  const refusal = parseOAuthErrorParameters(searchParams);
  if (refusal) return describeCallbackError(refusal);
  if (searchParams.get('code')) return null;
  return new HubError('sign_in_declined', { detail: 'Microsoft sent back neither a code nor an error.' });
}

/**
 * Redeems an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5). The state was checked and used up before.
 *
 * @param parameters what the authorize URL asked for, where it has to be named again
 */
export function redeemAuthorizationCode(
  context: TokenRequestContext,
  client: TokenClient,
  callback: AuthorizationCallback,
  parameters: Record<string, string> = {},
): Promise<TokenOutcome> {
  const { searchParams } = new URL(callback.url);
  const [code, state] = [searchParams.get('code') ?? '', searchParams.get('state') ?? ''];
  // Nothing else of what came goes to the library: it refuses an answer for parameters that are to be ignored (RFC 6749
  // §4.1.2), such as another flow's `id_token`, and knows no issuer with a tenant in it.
  const url = new URL(callback.redirectUri);
  url.search = new URLSearchParams({ code, state }).toString();
  const checks = { pkceCodeVerifier: callback.codeVerifier, expectedState: state };
  return requestToken(context, client, 'authorization_code', (configuration) =>
    authorizationCodeGrant(configuration, url, checks, parameters),
  );
}
