import { buildAuthorizationUrl } from 'openid-client';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import { configure } from '../token-endpoint/request-token.ts';
import { administratorClient, administratorScope } from './administrator-client.ts';
import { findRegistration } from './find-registration.ts';
import { waitsForSignIn } from './waits-for-sign-in.ts';

/**
 * @returns the address of Microsoft's sign-in page for the administrator (v2 with PKCE, RFC 7636); `redirectUri` is
 *   that of `administratorRedirectUri`
 * @throws HubError `registration_not_found`, `registration_state_conflict` when no sign-in is waited for
 */
export async function buildAdministratorAuthorizeUrl(
  context: Pick<HubContext, 'config' | 'store'>,
  registrationId: string,
  request: { state: string; codeChallenge: string; redirectUri: string },
): Promise<string> {
  const row = await findRegistration(context, registrationId);
  if (!waitsForSignIn(row)) throw new HubError('registration_state_conflict');
  const { cloud } = context.config;
  const client = administratorClient(cloud, row.authority_tenant);
  const url = buildAuthorizationUrl(configure(client, null), {
    redirect_uri: request.redirectUri,
    scope: administratorScope(cloud),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    response_mode: 'query',
    // The browser may be signed in as somebody who is no administrator.
    prompt: 'select_account',
  });
  return url.href;
}
