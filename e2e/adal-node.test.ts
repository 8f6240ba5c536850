import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import {
  AuthenticationContext,
  createAuthenticationParametersFromUrl,
  type ErrorResponse,
  MemoryCache,
  type TokenResponse,
  type UserCodeInfo,
} from 'adal-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeClientCertificate } from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { openRedirectTarget, type RedirectTarget } from './support/open-redirect-target.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';
import { runClient } from './support/run-client.ts';

const person = { userName: seededUsers.salesperson, password: seededPassword };

let folder: string;
let cloud: LocalCloud;
let redirectTarget: RedirectTarget;
let app: RegisteredApp;
/** A mobile and desktop app. */
let device: RegisteredApp;
let resource: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-adal-'));
  cloud = await startLocalCloud({ dataFolder: folder });
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  redirectTarget = await openRedirectTarget();
  app = await registerApp(cloud, { redirectUris: [redirectTarget.redirectUri] });
  device = await registerApp(cloud, { adminConsent: true, isFallbackPublicClient: true });
  resource = cloud.crm.https;
});
afterAll(async () => {
  redirectTarget.close();
  await cloud.close();
  await rm(folder, { recursive: true });
});

/** Authority validation is off, as for every authority that the library doesn't know. */
function createContext({ tenantId }: RegisteredApp): AuthenticationContext {
  return new AuthenticationContext(`${cloud.entra.https}/${tenantId}`, false, new MemoryCache());
}

/** What the callback is given, as a promise. */
function acquire(
  ask: (callback: (error: Error, response: TokenResponse | ErrorResponse) => void) => void,
): Promise<TokenResponse> {
  return new Promise((resolve, reject) => {
    ask((error, response) => {
      // The library hands over null, whatever its types say.
      if (error ?? false) reject(error);
      else resolve(response as TokenResponse);
    });
  });
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status;
}

it('redeems an authorization code and refreshes', async () => {
  const authorize = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: redirectTarget.redirectUri,
    state: 'state',
    resource,
  });
  const { url } = await signInOnPages(createPageBrowser(), {
    link: `${cloud.entra.https}/${app.tenantId}/oauth2/authorize?${authorize.toString()}`,
    ...person,
  });
  const code = url.searchParams.get('code') ?? '';
  const context = createContext(app);
  const { clientId, clientSecret } = app;
  const first = await acquire((callback) => {
    context.acquireTokenWithAuthorizationCode(
      code,
      redirectTarget.redirectUri,
      resource,
      clientId,
      clientSecret,
      callback,
    );
  });
  expect(first).toMatchObject({
    tokenType: 'Bearer',
    resource,
    userId: seededUsers.salesperson,
    isUserIdDisplayable: true,
    tenantId: app.tenantId,
    familyName: 'Wilber',
  });
  expect(await callWhoAmI(first.accessToken)).toBe(200);
  const second = await acquire((callback) => {
    context.acquireTokenWithRefreshToken(
      first.refreshToken ?? '',
      clientId,
      clientSecret,
      resource,
      callback,
    );
  });
  expect(await callWhoAmI(second.accessToken)).toBe(200);
});

it('gets an app a token of its own by its secret, and by a certificate', async () => {
  const context = createContext(app);
  const bySecret = await acquire((callback) => {
    context.acquireTokenWithClientCredentials(resource, app.clientId, app.clientSecret, callback);
  });
  expect(await callWhoAmI(bySecret.accessToken)).toBe(403);

  const { privateKey, certificate } = await makeClientCertificate(Date.now());
  const graph = await createGraphCaller(cloud);
  await graph('PATCH', `/applications/${app.objectId}`, {
    keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate }],
  });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const thumbprint = createHash('sha1').update(Buffer.from(certificate, 'base64')).digest('hex');
  const byCertificate = await acquire((callback) => {
    createContext(app).acquireTokenWithClientCertificate(resource, app.clientId, pem, thumbprint, callback);
  });
  expect(await callWhoAmI(byCertificate.accessToken)).toBe(403);
});

it('tells a wrong secret with Entra ID’s own words', async () => {
  const asked = acquire((callback) => {
    createContext(app).acquireTokenWithClientCredentials(resource, app.clientId, 'wrong', callback);
  });
  await expect(asked).rejects.toThrow(/401[\s\S]*AADSTS7000215/);
});

it('signs a person in by device code', async () => {
  const context = createContext(device);
  const codes = await new Promise<UserCodeInfo>((resolve, reject) => {
    context.acquireUserCode(resource, device.clientId, 'en-us', (error, info) => {
      if (error ?? false) reject(error);
      else resolve(info);
    });
  });
  await approveDeviceCode({ address: codes.verificationUrl, userCode: codes.userCode }, person);
  const token = await acquire((callback) => {
    context.acquireTokenWithDeviceCode(resource, device.clientId, codes, callback);
  });
  expect(token.userId).toBe(seededUsers.salesperson);
  expect(await callWhoAmI(token.accessToken)).toBe(200);
});

it('signs a person in by name and password', async () => {
  const context = createContext(device);
  const token = await acquire((callback) => {
    context.acquireTokenWithUsernamePassword(
      resource,
      person.userName,
      person.password,
      device.clientId,
      callback,
    );
  });
  expect(await callWhoAmI(token.accessToken)).toBe(200);
  const cached = await acquire((callback) => {
    context.acquireToken(resource, person.userName, device.clientId, callback);
  });
  expect(cached.accessToken).toBe(token.accessToken);
});

it('learns the authority from Graph’s challenge', async () => {
  const authorizationUri = await new Promise<string>((resolve, reject) => {
    createAuthenticationParametersFromUrl(`${cloud.graph.https}/v1.0/me`, (error, parameters) => {
      if (error ?? false) reject(error);
      else resolve(parameters.authorizationUri);
    });
  });
  expect(authorizationUri).toBe(`${cloud.entra.https}/common/oauth2/authorize`);
});

it('validates an older name of the authority, through the proxy', async () => {
  const program = new URL('./support/real-names/sign-in-with-adal-node.ts', import.meta.url);
  const met = await runClient(program, {
    words: [app.tenantId, app.clientId],
    // What `latchkey cloud env` prints. The library's HTTP client sends the proxy whole addresses, it never tunnels.
    environment: {
      HTTPS_PROXY: cloud.proxy,
      NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
      NODE_USE_ENV_PROXY: '1',
      CLIENT_SECRET: app.clientSecret,
    },
  });
  expect(met).toEqual({ resource: 'https://contoso.crm4.dynamics.com', status: 403 });
});
