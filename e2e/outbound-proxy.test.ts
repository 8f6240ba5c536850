import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HubProblemError } from '@latchkey/client';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { nationalCloudConfig } from '@latchkey/hub';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import {
  askForPassword,
  openTestProxy,
  type TestConnectProxy,
} from '../packages/hub/src/testing/open-connect-proxy.ts';
import { addApplicationUser } from './support/add-application-user.ts';
import { approveDeviceCode } from './support/approve-device-code.ts';
import { type RegisteredApp, registerApp } from './support/register-app.ts';
import { runLatchkey } from './support/run-latchkey.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';

const password = 'p@ss:word-of-the-proxy';
const encodedPassword = encodeURIComponent(password);
const credentials = Buffer.from(`anna:${password}`).toString('base64');
const environmentUrl = 'https://contoso.crm4.dynamics.com';
const deadProxy = 'http://127.0.0.1:9';
const unset = { HTTPS_PROXY: '', https_proxy: '', NO_PROXY: '', no_proxy: '', NODE_EXTRA_CA_CERTS: '' };

let folder: string;
let cloud: LocalCloud;
let app: RegisteredApp;
/** Leads Microsoft's names to the local cloud, to those who know the password. */
let proxy: TestConnectProxy;
let hub: HubProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-outbound-'));
  cloud = await startLocalCloud({ dataFolder: path.join(folder, 'cloud') });
  app = await registerApp(cloud, { adminConsent: true, isFallbackPublicClient: true });
  await addApplicationUser(cloud, app);
  proxy = await openTestProxy(askForPassword(`anna:${password}`, () => ({ proxy: cloud.proxy })));
});
afterEach(() => hub?.stop());
afterAll(async () => {
  await proxy.close();
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

/** A hub for Microsoft's cloud, as an operator in a company's network sets it up. */
async function startHub(environment: Record<string, string>): Promise<HubProcess> {
  proxy.targets.length = 0;
  proxy.authorizations.length = 0;
  const dataFolder = await mkdtemp(path.join(folder, 'hub-'));
  const settings = { dataFolder, port: 0, cloud: nationalCloudConfig('global') };
  hub = await startHubProcess(settings, { ...unset, LATCHKEY_LOG_LEVEL: 'debug', ...environment });
  return hub;
}

function proxyAddress(userInfo: string): string {
  return proxy.origin.replace('//', `//${userInfo}@`);
}

function trusting(): Record<string, string> {
  return { NODE_EXTRA_CA_CERTS: cloud.caCertificateFile ?? '' };
}

async function connect({ client }: HubProcess): Promise<string> {
  const { tenantId, clientId, clientSecret } = app;
  const typed = { method: 'client_credentials', environmentUrl, tenantId, clientId, clientSecret } as const;
  return (await client.connections.create(typed)).id;
}

/** What the hub says to whoever asks for a token, and to whoever looks at the connection. */
async function failureOf({ client }: HubProcess, id: string) {
  const problem = await client.connections.token(id).catch((error: unknown) => {
    if (error instanceof HubProblemError) return error.problem;
    throw error;
  });
  return { problem, status: (await client.connections.get(id)).status };
}

it('does everything through a proxy that asks for a password, which it tells to nobody else', async () => {
  const running = await startHub({ ...trusting(), HTTPS_PROXY: proxyAddress(`anna:${encodedPassword}`) });
  const { client, url } = running;
  const id = await connect(running);
  const { outcome, steps } = await client.connections.test(id);
  expect([outcome, steps.map(({ detail }) => detail)]).toEqual([
    'passed',
    expect.arrayContaining([`The certificate of ${new URL(environmentUrl).host} is valid and trusted`]),
  ]);
  const answer = await client.connections.request(id, 'GET', '/api/data/v9.2/accounts?$select=name&$top=1');
  expect(await answer.json()).toMatchObject({ value: [{ name: expect.any(String) }] });
  expect(new Set(proxy.targets)).toEqual(
    new Set(['contoso.crm4.dynamics.com:443', 'login.microsoftonline.com:443']),
  );
  expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${credentials}`]));

  const told = [
    running.output(),
    JSON.stringify([await client.settings.get(), await client.connections.get(id), steps]),
    await (await fetch(`${url}/healthz`)).text(),
    await (await fetch(`${url}/readyz`)).text(),
    await (await fetch(`${url}/openapi.json`)).text(),
  ].join('\n');
  for (const secret of [password, encodedPassword, credentials]) expect(told).not.toContain(secret);
});

it('registers an application through the proxy', async () => {
  const running = await startHub({ ...trusting(), HTTPS_PROXY: proxyAddress(`anna:${encodedPassword}`) });
  const { registrations } = running.client;
  const { id, signIn } = await registrations.create({
    kind: 'created',
    name: 'By proxy',
    administratorSignIn: 'device_code',
  });
  if (signIn?.kind !== 'device_code') throw new Error('There is no device code.');
  const address = signIn.verificationUri.replace(/^https:\/\/[^/]+/, cloud.entra.http);
  const { userPrincipalName: userName, password: secret } = cloud.users.administrator;
  await approveDeviceCode({ address, userCode: signIn.userCode }, { userName, password: secret });
  await expect.poll(async () => (await registrations.get(id)).state, { timeout: 60_000 }).toBe('ready');
  expect(proxy.targets).toContain('graph.microsoft.com:443');
});

it.each([
  ['no password', () => proxy.origin, 'asks for a user and a password'],
  ['a wrong one', () => proxyAddress('anna:wr0ng-one'), 'does not accept the user and password'],
])('says what to do when the proxy gets %s', async (_what, address, detail) => {
  const running = await startHub({ ...trusting(), https_proxy: address() });
  const id = await connect(running);
  const { problem, status } = await failureOf(running, id);
  const told = {
    code: 'outbound_proxy_authentication_required',
    detail: expect.stringContaining(detail),
    whoActs: 'operator',
    remedy: expect.stringContaining('HTTPS_PROXY'),
    remote: { system: 'network', code: 'PROXY_AUTHENTICATION_REQUIRED' },
  };
  expect(problem).toMatchObject({ ...told, status: 502 });
  expect(status).toMatchObject({ state: 'failing', whoActs: 'operator', failure: told });
  expect(running.output() + JSON.stringify([problem, status])).not.toContain('wr0ng-one');
});

it('tells a dead proxy from a service that is away', async () => {
  const running = await startHub({ ...trusting(), HTTPS_PROXY: deadProxy });
  const { problem } = await failureOf(running, await connect(running));
  expect(problem).toMatchObject({
    status: 503,
    code: 'outbound_proxy_unavailable',
    detail: 'The proxy 127.0.0.1:9 refuses connections.',
  });
  await running.stop();

  const away = await openTestProxy(() => ({
    text: 'HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 0\r\n\r\n',
  }));
  const other = await startHub({ ...trusting(), HTTPS_PROXY: away.origin });
  const { problem: otherProblem } = await failureOf(other, await connect(other));
  await away.close();
  expect(otherProblem).toMatchObject({
    code: 'token_endpoint_unavailable',
    detail: expect.stringContaining('could not reach login.microsoftonline.com:443 (HTTP 504)'),
  });
});

it('passes the proxy by where NO_PROXY says so', async () => {
  const running = await startHub({ ...trusting(), HTTPS_PROXY: proxy.origin, NO_PROXY: '.invalid' });
  const accessToken = await cloud.issueToken({ app: app.clientId, resource: environmentUrl });
  for (const tokenUrl of ['https://sts.corp.invalid/token', 'https://sts.corp.test/token']) {
    const typed = {
      method: 'manual',
      environmentUrl,
      clientId: app.clientId,
      accessToken,
      tokenUrl,
    } as const;
    await running.client.connections.create(typed);
  }
  expect(proxy.targets).toContain('sts.corp.test:443');
  expect(proxy.targets).not.toContain('sts.corp.invalid:443');
});

it('says what to do where it does not know the authority that the proxy shows', async () => {
  const running = await startHub({ HTTPS_PROXY: cloud.proxy });
  const { problem } = await failureOf(running, await connect(running));
  expect(problem).toMatchObject({
    status: 502,
    code: 'certificate_untrusted',
    detail: expect.stringContaining('login.microsoftonline.com shows a certificate of an authority'),
    remedy: expect.stringMatching(/NODE_EXTRA_CA_CERTS.+NODE_USE_SYSTEM_CA=1/),
  });
});

// Where OpenSSL looks for the system's authorities.
it.runIf(process.platform === 'linux')('trusts the system’s authorities when it is told to', async () => {
  const running = await startHub({
    HTTPS_PROXY: cloud.proxy,
    SSL_CERT_FILE: cloud.caCertificateFile ?? '',
    NODE_USE_SYSTEM_CA: '1',
  });
  expect(await running.client.connections.token(await connect(running))).toMatchObject({ environmentUrl });
});

it.each([
  ['HTTPS_PROXY', 'socks5://anna:s3cret@proxy.example:1080'],
  ['HTTP_PROXY', 'http://anna:s3cret@proxy.example:port'],
  ['NODE_EXTRA_CA_CERTS', '/nowhere/authorities.pem'],
])(
  'does not start with a %s that can’t be one, and does not repeat its password',
  async (variable, value) => {
    const command = runLatchkey(['serve', '--data', path.join(folder, 'never')], {
      environment: { ...unset, [variable]: value },
    });
    const { code, stdout, stderr } = await command.ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`${variable} `);
    expect(stdout + stderr).not.toContain('s3cret');
  },
);

it('reaches the embedded cloud past any proxy', async () => {
  const proxies = { HTTP_PROXY: deadProxy, HTTPS_PROXY: deadProxy, NODE_EXTRA_CA_CERTS: '' };
  const { code, stdout, stderr } = await runLatchkey(['start', '--once'], { environment: proxies }).ended;
  expect(stderr).toBe('');
  expect(stdout).toContain('Accounts read through the hub');
  expect(code).toBe(0);
});
