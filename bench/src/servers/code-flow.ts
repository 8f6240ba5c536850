import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import { openRedirectTarget } from '../../../e2e/support/open-redirect-target.ts';
import { registerApp } from '../../../e2e/support/register-app.ts';
import type { FlowLoad } from '../measuring/run-flows.ts';
import { announceReady } from './serve.ts';

/** The local Microsoft cloud with a person signed in, who has consented to an app. */
const { redirectUri } = await openRedirectTarget();
const cloud = await startLocalCloud();
const { tenantId, clientId, clientSecret } = await registerApp(cloud, { redirectUris: [redirectUri] });
const scope = `${cloud.crm.http}/user_impersonation openid profile offline_access`;
const authorizeUrl = new URL(`${cloud.entra.http}/${tenantId}/oauth2/v2.0/authorize`);
authorizeUrl.search = new URLSearchParams({
  client_id: clientId,
  response_type: 'code',
  redirect_uri: redirectUri,
  scope,
  state: 'bench',
  nonce: 'bench',
  code_challenge_method: 'S256',
}).toString();

const firstUrl = new URL(authorizeUrl);
firstUrl.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
const browser = createPageBrowser();
await signInOnPages(browser, {
  link: firstUrl.href,
  userName: seededUsers.salesperson,
  password: seededPassword,
});

announceReady({
  authorizeUrl: authorizeUrl.href,
  cookie: await browser.cookiesFor(authorizeUrl.href),
  tokenUrl: `${cloud.entra.http}/${tenantId}/oauth2/v2.0/token`,
  client: { client_id: clientId, client_secret: clientSecret, scope },
  redirectUri,
} satisfies Omit<FlowLoad, 'connections'>);
