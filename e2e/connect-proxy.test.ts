import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addApplicationUser } from './support/add-application-user.ts';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { createGraphCaller, type RegisteredApp, registerApp } from './support/register-app.ts';
import { runClient } from './support/run-client.ts';

const run = promisify(execFile);
const programs = new URL('./support/real-names/', import.meta.url);
const curl = '/usr/bin/curl';
const openssl = '/usr/bin/openssl';
let folder: string;
let cloud: LocalCloud;
let app: RegisteredApp;
/** What `latchkey cloud env` prints. */
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-real-names-'));
  cloud = await startLocalCloud({ dataFolder: folder });
  app = await registerApp(cloud, { adminConsent: true, isFallbackPublicClient: true });
  await addApplicationUser(cloud, app);
  const authority = cloud.caCertificateFile ?? '';
  environment = {
    HTTPS_PROXY: cloud.proxy,
    NODE_EXTRA_CA_CERTS: authority,
    NODE_USE_ENV_PROXY: '1',
    CURL_CA_BUNDLE: authority,
    CLIENT_SECRET: app.clientSecret,
  };
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true });
});

function claimsOf(token: unknown): Record<string, unknown> {
  const claims: Record<string, unknown> = JSON.parse(
    Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'),
  );
  return claims;
}

it('lets a program with fetch and https work by Microsoft’s names, and nowhere else', async () => {
  const met = await runClient(new URL('call-with-fetch.ts', programs), {
    words: [app.tenantId, app.clientId],
    environment,
  });
  expect(met.discovery).toMatchObject({
    issuer: `https://login.microsoftonline.com/${app.tenantId}/v2.0`,
    token_endpoint: `https://login.microsoftonline.com/${app.tenantId}/oauth2/v2.0/token`,
  });
  expect(claimsOf(met.token)).toMatchObject({
    iss: `https://sts.windows.net/${app.tenantId}/`,
    aud: 'https://contoso.crm4.dynamics.com',
    appid: app.clientId,
  });
  expect(met.whoAmI).toMatchObject({
    '@odata.context': expect.stringContaining('https://contoso.crm4.dynamics.com/api/data/v9.2/$metadata#'),
  });
  expect(met.statusByHttps).toBe(200);
  expect(met.reachesOthers).toBe(false);
});

it('lets an administrator’s program find tenants, consent for all and list environments', async () => {
  const asking = await registerApp(cloud, { isFallbackPublicClient: true });
  const met = await runClient(new URL('administer-by-hand.ts', programs), {
    words: [app.tenantId, asking.clientId],
    environment: { ...environment, USER_NAME: seededUsers.administrator, PASSWORD: seededPassword },
  });
  expect(met).toMatchObject({
    tenants: { status: 200, body: { value: [{ tenantId: app.tenantId }] } },
    subscriptions: { status: 200, body: { value: [] } },
    consent: { status: 204 },
    environments: {
      status: 200,
      body: {
        value: [
          {
            properties: {
              linkedEnvironmentMetadata: { instanceUrl: 'https://contoso.crm4.dynamics.com/' },
            },
          },
        ],
      },
    },
  });
  // Nobody is asked any more: a person's password is enough.
  const signedIn = await runClient(new URL('sign-in-with-azure-identity.ts', programs), {
    words: ['username-password', app.tenantId, asking.clientId],
    environment: { ...environment, USER_NAME: seededUsers.salesperson, PASSWORD: seededPassword },
  });
  expect(signedIn.status).toBe(200);
});

it('lets @azure/identity get a token with a client secret', async () => {
  const met = await runClient(new URL('sign-in-with-azure-identity.ts', programs), {
    words: ['client-secret', app.tenantId, app.clientId],
    environment,
  });
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ appid: app.clientId, tid: app.tenantId });
});

it.runIf(existsSync(openssl))('lets @azure/identity get a token with a certificate', async () => {
  const [key, certificate] = [path.join(folder, 'app-key.pem'), path.join(folder, 'app.pem')];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=app', '-days', '2'];
  await run(openssl, [...request, '-keyout', key, '-out', certificate]);
  const pem = await readFile(certificate, 'utf8');
  const graph = await createGraphCaller(cloud);
  await graph('PATCH', `/applications/${app.objectId}`, {
    keyCredentials: [
      { type: 'AsymmetricX509Cert', usage: 'Verify', key: new X509Certificate(pem).raw.toString('base64') },
    ],
  });
  await writeFile(certificate, pem + (await readFile(key, 'utf8')));
  const met = await runClient(new URL('sign-in-with-azure-identity.ts', programs), {
    words: ['client-certificate', app.tenantId, app.clientId],
    environment: { ...environment, CERTIFICATE_FILE: certificate },
  });
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ appid: app.clientId, appidacr: '2' });
});

it('lets @azure/identity sign a person in by a device code', async () => {
  const approvals: Promise<void>[] = [];
  const met = await runClient(
    new URL('sign-in-with-azure-identity.ts', programs),
    { words: ['device-code', app.tenantId, app.clientId], environment },
    ({ prompt }) => {
      if (!isPrompt(prompt)) return;
      expect(prompt.verificationUri).toBe('https://login.microsoftonline.com/devicelogin');
      // The person's browser has no proxy: it goes to the local address of the same page.
      const page = { address: `${cloud.entra.http}/devicelogin`, userCode: prompt.userCode };
      approvals.push(
        approveDeviceCode(page, { userName: seededUsers.salesperson, password: seededPassword }),
      );
    },
  );
  await Promise.all(approvals);
  expect(approvals).toHaveLength(1);
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ upn: seededUsers.salesperson, scp: 'user_impersonation' });
});

it.runIf(existsSync(curl))('lets curl through to Microsoft’s names alone', async () => {
  const options = { env: environment };
  const { stdout } = await run(
    curl,
    ['-sS', 'https://login.microsoftonline.us/organizations/v2.0/.well-known/openid-configuration'],
    options,
  );
  expect(JSON.parse(stdout).token_endpoint).toContain('https://login.microsoftonline.us/');
  await expect(run(curl, ['-sS', 'https://example.com/'], options)).rejects.toThrow('403');
});

function isPrompt(value: unknown): value is { userCode: string; verificationUri: string } {
  return typeof value === 'object' && value !== null && 'userCode' in value && 'verificationUri' in value;
}
