import { createServer } from 'node:http';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';
import { wellKnownIds } from '@latchkey/microsoft';

const graphScopes = [
  'Application.ReadWrite.All',
  'DelegatedPermissionGrant.ReadWrite.All',
  'Organization.Read.All',
  'User.Read.All',
];

/**
 * @param scopes Graph's permissions; those that register apps when left out
 * @returns a Graph token of the seeded administrator, by Microsoft's own public client and its loopback redirect
 */
export async function signInAsAdministrator(
  cloud: LocalCloud,
  scopes: readonly string[] = graphScopes,
): Promise<string> {
  const landing = createServer((_request, response) => response.end('done'));
  await new Promise<void>((resolve) => landing.listen(0, '127.0.0.1', resolve));
  try {
    const address = landing.address();
    const redirectUri = `http://localhost:${typeof address === 'object' ? address?.port : ''}`;
    const clientId = wellKnownIds.graphCommandLineTools;
    const scope = scopes.map((name) => `https://graph.microsoft.com/${name}`).join(' ');
    const authorize = new URL(`${cloud.entra.http}/organizations/oauth2/v2.0/authorize`);
    authorize.search = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope,
    }).toString();
    const { url } = await signInOnPages(createPageBrowser(), {
      link: authorize.href,
      userName: seededUsers.administrator,
      password: seededPassword,
    });
    const response = await fetch(`${cloud.entra.http}/organizations/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: clientId,
        grant_type: 'authorization_code',
        redirect_uri: redirectUri,
        code: url.searchParams.get('code') ?? '',
      }),
    });
    const answer = (await response.json()) as { access_token?: string; error_description?: string };
    if (!answer.access_token) throw new Error(`No token for the administrator: ${answer.error_description}`);
    return answer.access_token;
  } finally {
    landing.close();
  }
}
