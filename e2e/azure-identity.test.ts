import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type LocalCloud, seededPassword, seededUsers, startLocalCloud } from '@latchkey/cloud';
import type { Browser } from '@playwright/test';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type ClientCertificate,
  makeClientCertificate,
  signAssertion,
} from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { addApplicationUser } from './support/add-application-user.ts';
import { launchBrowser } from './support/launch-browser.ts';
import { middleTierScope, seededApps, seedForMsalNode } from './support/msal-node-seed.ts';
import { runClient } from './support/run-client.ts';
import { signInInBrowser } from './support/sign-in-in-browser.ts';

const programs = new URL('./support/real-names/', import.meta.url);
const program = new URL('sign-in-with-azure-identity.ts', programs);
const domain = 'contoso.onmicrosoft.com';
const service = '5fa00000-0000-4000-8000-000000000016';
const secret = 'the-secret-of-the-service';
const endedSecret = 'an-ended-secret-of-the-service';
const guarded = `second-factor@${domain}`;
const { desktop, middleTier } = seededApps;
const { salesperson } = seededUsers;
const federation = {
  issuer: 'https://cluster.example.com',
  subject: 'system:serviceaccount:default:integration',
};
const tenMinutes = 600;

let folder: string;
let cloud: LocalCloud;
let browser: Browser;
let certificate: ClientCertificate;
/** Where the program's browser goes: the test, which opens the link in a real one. */
let desk: Server;
/** What `latchkey cloud env` prints. */
let proxied: Record<string, string>;
/** Files that the programs read. */
let files: { certificate: string; stranger: string; federatedToken: string; browser: string };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-azure-identity-'));
  const [own, stranger, cluster] = await Promise.all([
    makeClientCertificate(Date.now()),
    makeClientCertificate(Date.now()),
    makeClientCertificate(Date.now()),
  ]);
  certificate = own;
  [cloud, browser] = await Promise.all([startCloud(cluster), launchBrowser()]);
  await addApplicationUser(cloud, { tenantId: domain, clientId: service });
  files = {
    certificate: await keep('own.pem', pemOf(own)),
    stranger: await keep('stranger.pem', pemOf(stranger)),
    federatedToken: await keep('token', federatedToken(cluster)),
    browser: await keep('browser.sh', handOverScript(), 0o755),
  };
  proxied = {
    HTTPS_PROXY: cloud.proxy,
    NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '',
    NODE_USE_ENV_PROXY: '1',
  };
  desk = createServer((request, response) => {
    void text(request)
      .then(signInAt)
      .finally(() => response.end());
  });
  await once(desk.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  desk?.close();
  await browser?.close();
  await cloud?.close();
  await rm(folder, { recursive: true });
});

function startCloud(cluster: ClientCertificate): Promise<LocalCloud> {
  const jwk = createPublicKey(cluster.privateKey).export({ format: 'jwk' });
  const key = { ...jwk, kid: 'cluster' };
  const seed = seedForMsalNode(
    [{ userPrincipalName: guarded, conditions: { secondFactor: 'required' } }],
    [
      {
        displayName: 'Service',
        appId: service,
        publicClientFlows: true,
        secrets: [{ value: secret }, { value: endedSecret, endsAt: '2020-01-01T00:00:00Z' }],
        grants: [{ api: 'Dynamics CRM', scopes: ['user_impersonation'] }],
        federatedCredentials: [{ name: 'cluster', ...federation }],
        manifest: {
          keyCredentials: [{ type: 'AsymmetricX509Cert', usage: 'Verify', key: certificate.certificate }],
        },
      },
    ],
  );
  return startLocalCloud({
    dataFolder: path.join(folder, 'cloud'),
    seed: { ...seed, federatedIssuers: [{ issuer: federation.issuer, jwks: { keys: [key] } }] },
  });
}

async function keep(name: string, content: string, mode?: number): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content, { mode });
  return file;
}

/** Certificate and key in one file, as the library reads them. */
function pemOf({ certificate: der, privateKey }: ClientCertificate): string {
  const lines = der.match(/.{1,64}/g) ?? [];
  return [
    '-----BEGIN CERTIFICATE-----',
    ...lines,
    '-----END CERTIFICATE-----',
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  ].join('\n');
}

function handOverScript(): string {
  return `#!/bin/sh\nexec '${process.execPath}' '${fileURLToPath(new URL('hand-over-link.ts', programs))}' "$1"\n`;
}

/** What a cluster gives its workloads. */
function federatedToken(cluster: ClientCertificate): string {
  const { issuer: iss, subject: sub } = federation;
  return signAssertion(
    cluster,
    { iss, sub, aud: 'api://AzureADTokenExchange', ...lifeFromNow() },
    { header: { kid: 'cluster', x5t: undefined } },
  );
}

function lifeFromNow(): { iat: number; nbf: number; exp: number } {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now, nbf: now, exp: now + tenMinutes };
}

/** What a person does in the browser that a program has opened. */
async function signInAt(link: string): Promise<void> {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    proxy: { server: cloud.proxy, bypass: 'localhost' },
  });
  const page = await context.newPage();
  await page.goto(link);
  await signInInBrowser(page, salesperson);
  await page.getByText('close this').first().waitFor();
  await context.close();
}

function run(kind: string, clientId: string, told: Record<string, string> = {}, tenant: string = domain) {
  return runClient(program, { words: [kind, tenant, clientId], environment: { ...proxied, ...told } });
}

function claimsOf(token: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString('utf8'));
}

const itself = { AZURE_TENANT_ID: domain, AZURE_CLIENT_ID: service };

it.each<[string, () => Record<string, string>, string]>([
  ['client-secret', () => ({ CLIENT_SECRET: secret }), '1'],
  ['client-certificate', () => ({ CERTIFICATE_FILE: files.certificate }), '2'],
  ['client-certificate-chain', () => ({ CERTIFICATE_FILE: files.certificate }), '2'],
  ['client-assertion', () => ({ CLIENT_ASSERTION: ownAssertion() }), '2'],
  ['environment', () => ({ ...itself, AZURE_CLIENT_SECRET: secret }), '1'],
  ['workload-identity', () => ({ ...itself, AZURE_FEDERATED_TOKEN_FILE: files.federatedToken }), '2'],
])('gets an app its own token by the credential %s', async (kind, told, strength) => {
  const met = await run(kind, service, told());
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ appid: service, appidacr: strength });
});

it.each<[string, () => Record<string, string>]>([
  ['client-secret', () => ({ CLIENT_SECRET: secret })],
  ['client-certificate', () => ({ CERTIFICATE_FILE: files.certificate })],
])('gets an app its own token in a region by the credential %s', async (kind, told) => {
  const met = await run(kind, service, { ...told(), AZURE_REGIONAL_AUTHORITY_NAME: 'westus2' });
  expect(met.status).toBe(200);
});

it('signs a person in by the system’s browser', async () => {
  const { port } = desk.address() as AddressInfo;
  const met = await run('interactive-browser', desktop.appId, {
    BROWSER: files.browser,
    LINKS_GO_TO: `http://127.0.0.1:${port}`,
  });
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ upn: salesperson, appid: desktop.appId });
});

it('gets a person’s token by their password, and trades it on behalf of them', async () => {
  const password = { USER_NAME: salesperson, PASSWORD: seededPassword };
  const called = await run('username-password', desktop.appId, { ...password, SCOPE: middleTierScope });
  const met = await run('on-behalf-of', middleTier.appId, {
    CLIENT_SECRET: middleTier.secrets[0].value,
    USER_ASSERTION: String(called.token),
  });
  expect(met.status).toBe(200);
  expect(claimsOf(met.token)).toMatchObject({ upn: salesperson, appid: middleTier.appId });
});

it.each<[string, string, () => Record<string, string>, number]>([
  ['a wrong secret', 'client-secret', () => ({ CLIENT_SECRET: 'not-its-secret' }), 7000215],
  ['an ended secret', 'client-secret', () => ({ CLIENT_SECRET: endedSecret }), 7000222],
  ['another’s certificate', 'client-certificate', () => ({ CERTIFICATE_FILE: files.stranger }), 700027],
  [
    'an unknown environment',
    'client-secret',
    () => ({ CLIENT_SECRET: secret, SCOPE: 'https://nosuch.crm4.dynamics.com/.default' }),
    500011,
  ],
  [
    'a person who needs a second factor',
    'username-password',
    () => ({ USER_NAME: guarded, PASSWORD: seededPassword }),
    50076,
  ],
])('tells %s by its code', async (_what, kind, told, code) => {
  const { refusal } = await run(kind, service, told());
  expect(refusal).toMatchObject({ message: expect.stringContaining(`AADSTS${code}`) });
});

it('tells an unknown app and an unknown tenant by their codes', async () => {
  const told = { CLIENT_SECRET: secret };
  const unknownApp = await run('client-secret', '5fa00000-0000-4000-8000-0000000000ff', told);
  expect(unknownApp.refusal).toMatchObject({ message: expect.stringContaining('AADSTS700016') });
  const unknownTenant = await run('client-secret', service, told, 'nosuch.onmicrosoft.com');
  expect(unknownTenant.refusal).toMatchObject({ message: expect.stringContaining('AADSTS90002') });
});

function ownAssertion(): string {
  return signAssertion(certificate, {
    aud: `https://login.microsoftonline.com/${domain}/oauth2/v2.0/token`,
    iss: service,
    sub: service,
    jti: crypto.randomUUID(),
    ...lifeFromNow(),
  });
}
