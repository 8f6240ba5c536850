/**
 * A program on `openid-client` that knows Microsoft's names and nothing of this product: people of any tenant sign in
 * through `common`; for v1 the server is discovered by its issuer. Prints what it met as one JSON line.
 */
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import * as client from 'openid-client';

const [tenantId = '', clientId = '', redirectUri = '', userName = ''] = process.argv.slice(2);
const { CLIENT_SECRET: secret = '', PASSWORD: password = '' } = process.env;
const resource = 'https://contoso.crm4.dynamics.com';

const common = new URL('https://login.microsoftonline.com/common/v2.0');
const server = await client.discovery(common, clientId, secret);
const checks = {
  pkceCodeVerifier: client.randomPKCECodeVerifier(),
  expectedNonce: client.randomNonce(),
};
const link = client.buildAuthorizationUrl(server, {
  redirect_uri: redirectUri,
  scope: `openid profile ${resource}/user_impersonation`,
  nonce: checks.expectedNonce,
  code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
  code_challenge_method: 'S256',
});
const { url } = await signInOnPages(createPageBrowser(), { link: link.href, userName, password });
const tokens = await client.authorizationCodeGrant(server, url, checks);
const headers = { authorization: `Bearer ${tokens.access_token}` };
const { status } = await fetch(`${resource}/api/data/v9.2/WhoAmI`, { headers });

const v1 = await client.discovery(new URL(`https://sts.windows.net/${tenantId}/`), clientId, secret);
const own = await client.clientCredentialsGrant(v1, { resource });

process.stdout.write(
  `${JSON.stringify({
    templateIssuer: server.serverMetadata().issuer,
    issuer: tokens.claims()?.iss,
    status,
    issuerOfV1: v1.serverMetadata().issuer,
    resource: own.resource,
  })}\n`,
);
