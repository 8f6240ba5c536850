import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';
import { openRedirectTarget } from './open-redirect-target.ts';
import { type RegisteredApp, registerApp } from './register-app.ts';

/** What a person types into the manual form, fetched with any REST client. */
export interface FetchedTokens {
  app: RegisteredApp;
  accessToken: string;
  refreshToken: string;
  /** Path of the token endpoint, below Entra ID's origin. */
  tokenPath: string;
}

/** Single page apps bring one (PKCE); a plain one is its own challenge (RFC 7636 §4.2). */
const codeVerifier = 'v'.repeat(43);

/**
 * Fetches the salesperson's tokens for the CRM by an authorization code, without the hub.
 *
 * @param platform where the redirect URI stands: of a single page app the tokens are fetched as from its page
 */
export async function fetchTokens(
  cloud: LocalCloud,
  platform: 'web' | 'spa' = 'web',
): Promise<FetchedTokens> {
  const redirectTarget = await openRedirectTarget();
  try {
    const { redirectUri } = redirectTarget;
    const app = await registerApp(cloud, { application: { [platform]: { redirectUris: [redirectUri] } } });
    const scope = `${cloud.crm.http}/user_impersonation offline_access`;
    const authorize = new URLSearchParams({
      client_id: app.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
      ...(platform === 'spa' && { code_challenge: codeVerifier, code_challenge_method: 'plain' }),
    });
    const endpoints = `/${app.tenantId}/oauth2/v2.0`;
    const { url } = await signInOnPages(createPageBrowser(), {
      link: `${cloud.entra.http}${endpoints}/authorize?${authorize.toString()}`,
      userName: seededUsers.salesperson,
      password: seededPassword,
    });
    const tokenPath = `${endpoints}/token`;
    const response = await fetch(`${cloud.entra.http}${tokenPath}`, {
      method: 'POST',
      headers: platform === 'spa' ? { origin: new URL(redirectUri).origin } : {},
      body: new URLSearchParams({
        client_id: app.clientId,
        ...(platform === 'web' ? { client_secret: app.clientSecret } : { code_verifier: codeVerifier }),
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        code: url.searchParams.get('code') ?? '',
      }),
    });
    const answer = (await response.json()) as { access_token: string; refresh_token: string };
    if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
    return { app, accessToken: answer.access_token, refreshToken: answer.refresh_token, tokenPath };
  } finally {
    redirectTarget.close();
  }
}
