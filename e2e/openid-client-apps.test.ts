import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import * as client from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ClientCertificate,
  makeClientCertificate,
} from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { type Callback, openCallback } from './support/open-callback.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';
import { runClient } from './support/run-client.ts';

const person = { userName: seededUsers.salesperson, password: seededPassword };

let folder: string;
let cloud: LocalCloud;
let callback: Callback;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-openid-client-'));
  cloud = await startLocalCloud({ dataFolder: folder });
  // Does for an authority that was made a moment ago what NODE_EXTRA_CA_CERTS does at the start.
  setDefaultCACertificates([...getCACertificates('default'), cloud.caCertificate]);
  callback = await openCallback();
});
afterAll(async () => {
  callback.close();
  await cloud.close();
  await rm(folder, { recursive: true });
});

function discover({ tenantId, clientId }: RegisteredApp, authentication: client.ClientAuth) {
  const issuer = new URL(`${cloud.entra.https}/${tenantId}/v2.0`);
  return client.discovery(issuer, clientId, undefined, authentication);
}

async function callWhoAmI(accessToken: string): Promise<number> {
  const headers = { authorization: `Bearer ${accessToken}` };
  return (await fetch(`${cloud.crm.https}/api/data/v9.2/WhoAmI`, { headers })).status;
}

async function signWith(
  { privateKey, certificate }: ClientCertificate,
  alg: 'RS256' | 'PS256',
  audience?: string,
): Promise<client.ClientAuth> {
  const name = alg === 'RS256' ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS';
  const key = privateKey.toCryptoKey({ name, hash: 'SHA-256' }, false, ['sign']);
  const thumbprint = (hash: string) =>
    createHash(hash).update(Buffer.from(certificate, 'base64')).digest('base64url');
  return client.PrivateKeyJwt(key, {
    [client.modifyAssertion](header, payload) {
      // Entra ID finds the certificate by its thumbprint.
      if (alg === 'RS256') header.x5t = thumbprint('sha1');
      else header['x5t#S256'] = thumbprint('sha256');
      if (audience !== undefined) payload.aud = audience;
    },
  });
}

it('proves an app by a certificate, at both generations', async () => {
  const certificate = await makeClientCertificate(Date.now());
  const app = await registerApp(cloud);
  const graph = await createGraphCaller(cloud);
  await graph('PATCH', `/applications/${app.objectId}`, {
    keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.certificate }],
  });
  for (const alg of ['RS256', 'PS256'] as const) {
    const server = await discover(app, await signWith(certificate, alg));
    const tokens = await client.clientCredentialsGrant(server, { scope: `${cloud.crm.https}/.default` });
    expect(await callWhoAmI(tokens.access_token)).toBe(403);
  }
  const address = `${cloud.entra.https}/${app.tenantId}/.well-known/openid-configuration`;
  const metadata = (await (await fetch(address)).json()) as client.ServerMetadata;
  const v1 = new client.Configuration(
    metadata,
    app.clientId,
    undefined,
    await signWith(certificate, 'RS256', metadata.token_endpoint),
  );
  const tokens = await client.clientCredentialsGrant(v1, { resource: cloud.crm.https });
  expect(await callWhoAmI(tokens.access_token)).toBe(403);
});

it('lets an API act on behalf of the person who called it', async () => {
  const scopeId = '7c1f7d8e-3f0a-4e36-9a43-2f6f1d6c1a01';
  const api = await registerApp(cloud, {
    adminConsent: true,
    application: {
      api: {
        requestedAccessTokenVersion: 2,
        oauth2PermissionScopes: [
          {
            id: scopeId,
            value: 'access_as_user',
            type: 'User',
            isEnabled: true,
            adminConsentDisplayName: 'Access the API',
            adminConsentDescription: 'Access the API as the person',
            userConsentDisplayName: 'Access the API',
            userConsentDescription: 'Access the API as you',
          },
        ],
      },
    },
  });
  const graph = await createGraphCaller(cloud);
  const identifier = `api://${api.clientId}`;
  await graph('PATCH', `/applications/${api.objectId}`, { identifierUris: [identifier] });

  const app = await registerApp(cloud, { redirectUris: [callback.redirectUri] });
  const front = await discover(app, client.ClientSecretPost(app.clientSecret));
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const link = client.buildAuthorizationUrl(front, {
    redirect_uri: callback.redirectUri,
    scope: `${identifier}/access_as_user`,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  await signInOnPages(createPageBrowser(), { link: link.href, ...person });
  const called = await client.authorizationCodeGrant(front, callback.latest(), { pkceCodeVerifier });

  const middle = await discover(api, client.ClientSecretPost(api.clientSecret));
  const tokens = await client.genericGrantRequest(middle, 'urn:ietf:params:oauth:grant-type:jwt-bearer', {
    assertion: called.access_token,
    requested_token_use: 'on_behalf_of',
    scope: `${cloud.crm.https}/user_impersonation`,
  });
  expect(await callWhoAmI(tokens.access_token)).toBe(200);
});

it('signs people in through common, whose issuer is a template, and discovers v1 by its issuer', async () => {
  const app = await registerApp(cloud, {
    adminConsent: true,
    application: {
      signInAudience: 'AzureADMultipleOrgs',
      web: { redirectUris: [callback.redirectUri], implicitGrantSettings: { enableIdTokenIssuance: true } },
    },
  });
  const met = await runClient(
    new URL('./support/real-names/sign-in-with-openid-client.ts', import.meta.url),
    {
      words: [app.tenantId, app.clientId, callback.redirectUri, person.userName],
      environment: {
        // What `latchkey cloud env` prints.
        HTTPS_PROXY: cloud.proxy,
        NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
        NODE_USE_ENV_PROXY: '1',
        CLIENT_SECRET: app.clientSecret,
        PASSWORD: person.password,
      },
    },
  );
  expect(met).toMatchObject({
    templateIssuer: 'https://login.microsoftonline.com/{tenantid}/v2.0',
    issuer: `https://login.microsoftonline.com/${app.tenantId}/v2.0`,
    issuerOfV1: `https://sts.windows.net/${app.tenantId}/`,
    resource: 'https://contoso.crm4.dynamics.com',
    status: 200,
  });
});
