import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';
import { openRedirectTarget } from './open-redirect-target.ts';
import { type RegisteredApp, registerApp } from './register-app.ts';

/** A grant of its own, as one more sign-in gives it. */
export interface Grant {
  accessToken: string;
  refreshToken: string;
  /** How long the access token lives. */
  expiresInSeconds: number;
}

/** A person who signs in again and again in one browser: Microsoft asks for anything the first time, and once much time has passed. */
export interface GrantSource {
  app: RegisteredApp;
  fetchGrant(): Promise<Grant>;
  close(): void;
}

/** @param cloud reached directly, whatever stands between it and the hubs */
export async function openGrantSource(cloud: LocalCloud): Promise<GrantSource> {
  const target = await openRedirectTarget();
  const app = await registerApp(cloud, { redirectUris: [target.redirectUri] });
  const browser = createPageBrowser();
  const endpoints = `${cloud.entra.http}/${app.tenantId}/oauth2/v2.0`;
  const authorize = new URLSearchParams({
    client_id: app.clientId,
    response_type: 'code',
    redirect_uri: target.redirectUri,
    scope: `${cloud.crm.http}/user_impersonation offline_access`,
  });
  const link = `${endpoints}/authorize?${authorize.toString()}`;
  const person = { userName: seededUsers.salesperson, password: seededPassword };

  async function fetchCode(): Promise<string> {
    const page = await signInOnPages(browser, { link, ...person });
    return page.url.searchParams.get('code') ?? '';
  }

  return {
    app,
    async fetchGrant() {
      const response = await fetch(`${endpoints}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: app.clientId,
          client_secret: app.clientSecret,
          grant_type: 'authorization_code',
          redirect_uri: target.redirectUri,
          code: await fetchCode(),
        }),
      });
      const answer = (await response.json()) as {
        access_token: string;
        refresh_token: string;
        expires_in: number;
      };
      if (!response.ok) throw new Error(`The token endpoint answered ${response.status}.`);
      return {
        accessToken: answer.access_token,
        refreshToken: answer.refresh_token,
        expiresInSeconds: answer.expires_in,
      };
    },
    close: () => target.close(),
  };
}
