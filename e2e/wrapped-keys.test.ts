import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import {
  makeClientCertificate,
  signAssertion,
} from '../packages/cloud/src/jwt/testing/client-certificate.ts';
import { openTestProxy, type TestConnectProxy } from '../packages/hub/src/testing/open-connect-proxy.ts';
import { serveKeyVault, type TestKeyVault } from '../packages/hub/src/vault/testing/serve-key-vault.ts';
import { serveKms, type TestKms } from '../packages/hub/src/vault/testing/serve-kms.ts';
import { connectPerson } from './support/connect-person.ts';
import { runLatchkey } from './support/run-latchkey.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';

const domain = 'contoso.onmicrosoft.com';
const clientId = '5fa00000-0000-4000-8000-000000000017';
const clientSecret = 'the~secret-of-the-hub-itself';
const federation = { issuer: 'https://cluster.example.com', subject: 'system:serviceaccount:latchkey:hub' };
const someClientId = '11111111-2222-4333-8444-555555555555';
const tenMinutes = 600;
/** Commands and hubs are started many times. */
const withinMilliseconds = 300_000;
const patience = { timeout: 60_000, interval: 500 };

let folder: string;
let cloud: LocalCloud;
let vault: TestKeyVault;
let kms: TestKms;
/** Leads the vault's name to the test's own, and Microsoft's names to the local cloud. */
let proxy: TestConnectProxy;
/** How an operator on Azure sets the hub's own identity up, and trusts the two authorities of the test. */
let azure: Record<string, string>;
let tokenFile: string;
let dataFolder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-wrapped-'));
  const cluster = await makeClientCertificate(Date.now());
  [cloud, vault, kms] = await Promise.all([startCloud(cluster.privateKey), serveKeyVault(), serveKms()]);
  vault.accepts = (token) => isTokenForVaults(token);
  proxy = await openTestProxy((target) =>
    target === 'contoso.vault.azure.net:443' ? { port: vault.port } : { proxy: cloud.proxy },
  );
  const authorities = path.join(folder, 'authorities.pem');
  await writeFile(authorities, `${cloud.caCertificate}\n${vault.certificate}\n`);
  tokenFile = path.join(folder, 'token');
  const now = Math.floor(Date.now() / 1000);
  await writeFile(
    tokenFile,
    signAssertion(
      cluster,
      {
        iss: federation.issuer,
        sub: federation.subject,
        aud: 'api://AzureADTokenExchange',
        iat: now,
        nbf: now,
        exp: now + tenMinutes,
      },
      { header: { kid: 'cluster', x5t: undefined } },
    ),
  );
  azure = {
    LATCHKEY_WRAPPING_KEY: vault.keyAddress,
    AZURE_TENANT_ID: domain,
    AZURE_CLIENT_ID: clientId,
    AZURE_CLIENT_SECRET: clientSecret,
    HTTPS_PROXY: proxy.origin,
    NODE_EXTRA_CA_CERTS: authorities,
  };
});
afterAll(async () => {
  await proxy?.close();
  await vault?.close();
  await kms?.close();
  await cloud?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  dataFolder = await mkdtemp(path.join(folder, 'hub-'));
  vault.requests.length = 0;
  vault.refusals.length = 0;
  kms.refusals.length = 0;
});

function startCloud(clusterKey: Parameters<typeof createPublicKey>[0]): Promise<LocalCloud> {
  const jwk = createPublicKey(clusterKey).export({ format: 'jwk' });
  return startLocalCloud({
    dataFolder: path.join(folder, 'cloud'),
    seed: {
      tenants: [
        {
          displayName: 'Contoso',
          domains: [domain],
          applications: [
            {
              displayName: 'Hub',
              appId: clientId,
              secrets: [{ value: clientSecret }],
              federatedCredentials: [{ name: 'cluster', ...federation }],
            },
          ],
        },
      ],
      federatedIssuers: [{ issuer: federation.issuer, jwks: { keys: [{ ...jwk, kid: 'cluster' }] } }],
    },
  });
}

/** What Key Vault checks: a token of Entra ID's, for vaults, of the application. */
async function isTokenForVaults(token: string): Promise<boolean> {
  const answer = await fetch(`${cloud.entra.http}/common/discovery/v2.0/keys`);
  const keys = (await answer.json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    audience: 'https://vault.azure.net',
  });
  return payload.appid === clientId;
}

async function latchkey(words: string[], environment: Record<string, string>) {
  const { code, stdout, stderr } = await runLatchkey([...words, '--data', dataFolder], { environment }).ended;
  return { code, text: `${stdout}${stderr}` };
}

async function startHub(environment: Record<string, string>): Promise<HubProcess> {
  const config = {
    name: 'local' as const,
    title: 'Local Microsoft cloud',
    authority: cloud.entra.http,
    graph: cloud.graph.http,
    localEnvironments: [cloud.crm.http],
  };
  const hub = await startHubProcess(
    { dataFolder, port: 0, cloud: config },
    { LATCHKEY_KEEPER: 'on', LATCHKEY_LOG_LEVEL: 'debug', ...environment },
  );
  onTestFinished(() => hub.kill());
  return hub;
}

/** Stores a secret, which takes sealing it. */
const connect = ({ client }: HubProcess, secret: string) =>
  client.connections.create({
    method: 'sign_in',
    environmentUrl: cloud.crm.http,
    clientId: someClientId,
    clientSecret: secret,
  });

const readKeyFile = () => readFile(path.join(dataFolder, 'vault.key'), 'utf8');
const keyIds = async () =>
  (await readKeyFile())
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');

it('a new hub has its key wrapped by Azure’s own client, with a token of the local cloud’s', async () => {
  const hub = await startHub(azure);
  await connect(hub, 'a~client-secret');
  const [id] = await keyIds();
  expect(await readKeyFile()).toMatch(
    new RegExp(`^${id} https://contoso\\.vault\\.azure\\.net/keys/latchkey/[\\da-f]{32} [\\w-]+\\n$`),
  );
  await hub.stop();
  const again = await startHub(azure);
  expect((await fetch(`${again.url}/readyz`)).status).toBe(200);
  const tokens = vault.requests.flatMap(({ token }) => token ?? []);
  expect(tokens.length).toBeGreaterThan(0);
  const listed = await latchkey(['keys', 'list'], azure);
  expect(listed).toMatchObject({ code: 0, text: expect.stringContaining(`wrapped by ${vault.keyAddress}/`) });
  const told = `${hub.output()}${again.output()}${listed.text}`;
  for (const secret of [clientSecret, ...tokens]) expect(told).not.toContain(secret);
});

it('the hub’s identity may be its cluster’s: the token file of a workload', async () => {
  const { AZURE_CLIENT_SECRET: _, ...rest } = azure;
  const listed = await latchkey(['keys', 'list'], { ...rest, AZURE_FEDERATED_TOKEN_FILE: tokenFile });
  expect(listed).toMatchObject({ code: 0, text: expect.stringContaining('wrapped by') });
});

it('a wrong secret is told by Microsoft’s own words, and not repeated', async () => {
  const refused = await latchkey(['keys', 'list'], { ...azure, AZURE_CLIENT_SECRET: 'a~wrong-secret' });
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining('AADSTS7000215') });
  expect(refused.text).not.toContain('a~wrong-secret');
});

it(
  'keys are rotated and wrapped anew while hubs are at work: all of them open everything at every moment',
  async () => {
    const [one, other] = [await startHub(azure), await startHub(azure)];
    const { id } = (await connectPerson({ client: one.client, cloud })).connection;
    const [old = ''] = await keyIds();
    const refusals: unknown[] = [];
    const over = new AbortController();
    const reading = [one, other].map(async ({ client }) => {
      while (!over.signal.aborted) {
        await client.connections.refresh(id).catch((error: unknown) => refusals.push(error));
        await client.connections.token(id).catch((error: unknown) => refusals.push(error));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    expect(await latchkey(['keys', 'rotate', '--now'], azure)).toMatchObject({ code: 0 });
    const version = vault.rotate();
    expect(await latchkey(['keys', 'wrap'], azure)).toMatchObject({ code: 0 });
    expect(await readKeyFile()).toContain(`${version} `);
    await connect(other, 'another~client-secret');
    await expect.poll(async () => (await latchkey(['keys', 'retire', old], azure)).code, patience).toBe(0);
    over.abort();
    await Promise.all(reading);
    expect(refusals).toEqual([]);
    expect(await keyIds()).toHaveLength(1);
    await one.stop();
    expect((await fetch(`${(await startHub(azure)).url}/readyz`)).status).toBe(200);
  },
  withinMilliseconds,
);

it(
  'bare keys are wrapped by AWS KMS while a hub runs, killed in the middle or not, and put back bare',
  async () => {
    const hub = await startHub({});
    await connect(hub, 'a~client-secret');
    const bare = await readKeyFile();
    const wrapping = { ...kms.environment, LATCHKEY_WRAPPING_KEY: kms.alias };
    kms.requests.length = 0;
    kms.refusals.push('silence');
    const killed = runLatchkey(['keys', 'wrap', '--data', dataFolder], { environment: wrapping });
    await expect.poll(() => kms.requests.length, patience).toBe(1);
    killed.signal('SIGKILL');
    await killed.ended;
    expect(await readKeyFile()).toBe(bare);

    expect(await latchkey(['keys', 'wrap'], wrapping)).toMatchObject({ code: 0 });
    expect(await readKeyFile()).toContain(` ${kms.keyArn} `);
    await connect(hub, 'another~client-secret');
    await hub.stop();
    const refused = await latchkey(['keys', 'list'], {});
    expect(refused.text).toContain('The keys are wrapped, and no key is configured that unwraps them');
    expect(refused.text).toContain(kms.keyArn);
    const again = await startHub(wrapping);
    expect((await fetch(`${again.url}/readyz`)).status).toBe(200);
    const examined = await latchkey(['doctor', '--local-cloud'], wrapping);
    expect(examined.text).toContain(`wrapped by ${kms.keyArn}; they open the database`);

    expect(await latchkey(['keys', 'unwrap'], wrapping)).toMatchObject({ code: 0 });
    expect(await readKeyFile()).toBe(bare);
  },
  withinMilliseconds,
);

it('a service that is away ends the start with what to do, and nothing is lost', async () => {
  const wrapping = { ...kms.environment, LATCHKEY_WRAPPING_KEY: kms.keyArn };
  expect(await latchkey(['keys', 'list'], wrapping)).toMatchObject({ code: 0 });
  const before = await readKeyFile();
  const away = { ...wrapping, AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9' };
  const refused = await latchkey(['serve', '--port', '0'], away);
  expect(refused.code).toBe(1);
  expect(refused.text).toContain(`gives no usable answer: ${kms.keyArn} (`);
  expect(refused.text).toContain('Nothing is lost');
  expect(await readKeyFile()).toBe(before);
});

it.each([
  ['@azure/keyvault-keys@', 'https://contoso.vault.azure.net/keys/latchkey'],
  ['@aws-sdk/client-kms@', 'alias/latchkey'],
])('where %s is not installed, the command that installs it is told', async (name, address) => {
  const hook = path.join(folder, 'without-clients.mjs');
  await writeFile(
    hook,
    `import { registerHooks } from 'node:module';
registerHooks({
  resolve(specifier, context, next) {
    if (!/^@(azure|aws-sdk)\\//.test(specifier)) return next(specifier, context);
    throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
  },
});
`,
  );
  const refused = await latchkey(['keys', 'list'], {
    LATCHKEY_WRAPPING_KEY: address,
    NODE_OPTIONS: `--import ${pathToFileURL(hook).href}`,
  });
  expect(refused).toMatchObject({ code: 1, text: expect.stringContaining(name) });
  expect(refused.text).toMatch(/npm install --no-save .* @/);
});
