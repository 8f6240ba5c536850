import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPageBrowser, type PageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { type Callback, openCallback } from './support/open-callback.ts';
import { type RegisteredApp, registerApp } from './support/register-app.ts';

const person = { userName: seededUsers.salesperson, password: seededPassword };

let cloud: LocalCloud;
let callback: Callback;
let app: RegisteredApp;
/** The app's server by v2 discovery, as the library's documentation shows it. */
let config: client.Configuration;

beforeAll(async () => {
  cloud = await startLocalCloud();
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  callback = await openCallback();
  app = await registerApp(cloud, {
    adminConsent: true,
    isFallbackPublicClient: true,
    application: {
      web: {
        redirectUris: [callback.redirectUri],
        implicitGrantSettings: { enableIdTokenIssuance: true },
      },
    },
  });
  config = await discover();
});
afterAll(async () => {
  callback.close();
  await cloud.close();
});

function discover(authentication?: client.ClientAuth): Promise<client.Configuration> {
  const issuer = new URL(`${cloud.entra.https}/${app.tenantId}/v2.0`);
  return client.discovery(issuer, app.clientId, app.clientSecret, authentication);
}

/** A server that the library can't discover, since v1's issuer is another host than its endpoints. */
async function readV1(): Promise<client.Configuration> {
  const address = `${cloud.entra.https}/${app.tenantId}/.well-known/openid-configuration`;
  const metadata = (await (await fetch(address)).json()) as client.ServerMetadata;
  return new client.Configuration(metadata, app.clientId, app.clientSecret);
}

async function signIn(
  server: client.Configuration,
  parameters: Record<string, string>,
  browser: PageBrowser = createPageBrowser(),
): Promise<{ tokens: Awaited<ReturnType<typeof client.authorizationCodeGrant>>; answer: Request }> {
  const checks = {
    pkceCodeVerifier: client.randomPKCECodeVerifier(),
    expectedNonce: client.randomNonce(),
    expectedState: client.randomState(),
  };
  const link = client.buildAuthorizationUrl(server, {
    redirect_uri: callback.redirectUri,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    nonce: checks.expectedNonce,
    state: checks.expectedState,
    ...parameters,
  });
  await signInOnPages(browser, { link: link.href, ...person });
  const answer = callback.latest();
  return { tokens: await client.authorizationCodeGrant(server, answer.clone(), checks), answer };
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = new Headers({ accept: 'application/json' });
  const url = new URL(`${cloud.crm.https}/api/data/v9.2/WhoAmI`);
  return (await client.fetchProtectedResource(config, accessToken, url, 'GET', null, headers)).status;
}

it('signs a person in with PKCE, checks the id token, and refreshes', async () => {
  const scope = `openid profile offline_access ${cloud.crm.https}/user_impersonation`;
  const { tokens } = await signIn(config, { scope });
  expect(tokens.claims()).toMatchObject({
    iss: `${cloud.entra.https}/${app.tenantId}/v2.0`,
    aud: app.clientId,
    preferred_username: seededUsers.salesperson,
    tid: app.tenantId,
  });
  expect(tokens.expiresIn()).toBeGreaterThan(3000);
  expect(await callWhoAmI(tokens.access_token)).toBe(200);

  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', { scope });
  expect(refreshed.claims()?.sub).toBe(tokens.claims()?.sub);
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
  expect(await callWhoAmI(refreshed.access_token)).toBe(200);
});

it('takes the answer as a form, and checks what id token and code are bound to', async () => {
  const hybrid = await discover();
  client.useCodeIdTokenResponseType(hybrid);
  const { tokens, answer } = await signIn(hybrid, {
    scope: `openid profile ${cloud.crm.https}/user_impersonation`,
    response_mode: 'form_post',
  });
  expect(answer.method).toBe('POST');
  expect([...(await answer.formData()).keys()].sort()).toEqual([
    'code',
    'id_token',
    'session_state',
    'state',
  ]);
  expect(await callWhoAmI(tokens.access_token)).toBe(200);
});

it('takes an id token alone', async () => {
  const implicit = await discover();
  client.useIdTokenResponseType(implicit);
  const nonce = client.randomNonce();
  const link = client.buildAuthorizationUrl(implicit, {
    redirect_uri: callback.redirectUri,
    scope: 'openid profile email',
    response_mode: 'form_post',
    nonce,
  });
  await signInOnPages(createPageBrowser(), { link: link.href, ...person });
  const claims = await client.implicitAuthentication(implicit, callback.latest(), nonce);
  expect(claims).toMatchObject({ aud: app.clientId, email: seededUsers.salesperson });
});

it('reads the person at the userinfo endpoint, and signs out at the end-session endpoint', async () => {
  const browser = createPageBrowser();
  const { tokens } = await signIn(config, { scope: 'openid profile email User.Read' }, browser);
  const subject = tokens.claims()?.sub ?? '';
  const info = await client.fetchUserInfo(config, tokens.access_token, subject);
  expect(info).toMatchObject({ sub: subject, name: 'Alex Wilber', email: seededUsers.salesperson });

  const end = client.buildEndSessionUrl(config, {
    post_logout_redirect_uri: callback.redirectUri,
    id_token_hint: tokens.id_token ?? '',
    state: 'signed-out',
  });
  const shown = await browser.open(end.href);
  expect(shown.url.href).toBe(`${callback.redirectUri}?state=signed-out`);
  const silent = client.buildAuthorizationUrl(config, {
    redirect_uri: callback.redirectUri,
    scope: 'openid',
    prompt: 'none',
  });
  const refused = client.authorizationCodeGrant(config, (await browser.open(silent.href)).url);
  await expect(refused).rejects.toMatchObject({
    code: 'OAUTH_AUTHORIZATION_RESPONSE_ERROR',
    error: 'login_required',
    error_description: expect.stringContaining('AADSTS50058'),
  });
});

it.each([
  ['in the body', () => client.ClientSecretPost(app.clientSecret)],
  ['by HTTP Basic', () => client.ClientSecretBasic(app.clientSecret)],
])('gets an app a token of its own with the secret %s', async (_way, authentication) => {
  const server = await discover(authentication());
  const tokens = await client.clientCredentialsGrant(server, { scope: `${cloud.crm.https}/.default` });
  expect(tokens.token_type).toBe('bearer');
  expect(await callWhoAmI(tokens.access_token)).toBe(403);
});

it('tells a wrong secret as the library’s own error', async () => {
  const server = await discover(client.ClientSecretPost('wrong~secret'));
  const asked = client.clientCredentialsGrant(server, { scope: `${cloud.crm.https}/.default` });
  await expect(asked).rejects.toMatchObject({
    code: 'OAUTH_RESPONSE_BODY_ERROR',
    status: 401,
    error: 'invalid_client',
    error_description: expect.stringContaining('AADSTS7000215'),
  });
});

it('signs a person in by device code', async () => {
  const scope = `openid ${cloud.crm.https}/user_impersonation`;
  const server = await client.discovery(
    new URL(`${cloud.entra.https}/${app.tenantId}/v2.0`),
    app.clientId,
    undefined,
    client.None(),
  );
  const codes = await client.initiateDeviceAuthorization(server, { scope });
  expect(codes.verification_uri_complete).toBeUndefined();
  await approveDeviceCode({ address: codes.verification_uri, userCode: codes.user_code }, person);
  const tokens = await client.pollDeviceAuthorizationGrant(server, codes);
  expect(tokens.claims()?.aud).toBe(app.clientId);
  expect(await callWhoAmI(tokens.access_token)).toBe(200);
});

it('gets tokens of v1 by resource', async () => {
  const server = await readV1();
  const own = await client.genericGrantRequest(server, 'client_credentials', { resource: cloud.crm.https });
  expect(own).toMatchObject({ token_type: 'bearer', resource: cloud.crm.https });
  expect(own.expiresIn()).toBeGreaterThan(3000);

  const { tokens } = await signIn(server, { scope: 'openid', resource: cloud.crm.https });
  expect(tokens.claims()).toMatchObject({
    iss: `https://sts.windows.net/${app.tenantId}/`,
    upn: seededUsers.salesperson,
  });
  expect(await callWhoAmI(tokens.access_token)).toBe(200);
  const refreshed = await client.refreshTokenGrant(server, tokens.refresh_token ?? '', {
    resource: cloud.crm.https,
  });
  expect(await callWhoAmI(refreshed.access_token)).toBe(200);
});
