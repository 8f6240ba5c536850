import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMovableClock } from './clock.ts';
import { findUserByName } from './directory/users.ts';
import { sendRequest } from './listeners/testing/send-request.ts';
import {
  type LocalCloudOptions,
  type OpenedCloud,
  openLocalCloud,
  startLocalCloud,
} from './start-local-cloud.ts';
import { textWith } from './testing/expected.ts';
import { readObject } from './testing/read-json.ts';

const running: OpenedCloud[] = [];
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-cloud-'));
});

afterEach(async () => {
  for (const cloud of running.splice(0)) await cloud.close();
  await rm(folder, { recursive: true });
});

async function start(options?: LocalCloudOptions): Promise<OpenedCloud> {
  const cloud = await openLocalCloud(options);
  running.push(cloud);
  return cloud;
}

const portOf = (origin: string) => Number(new URL(origin).port);

it('follows the time that a test pretends', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2031, 0, 1) });
  try {
    const cloud = await start();
    const resource = cloud.graph.http;
    const token = await cloud.issueToken({ user: cloud.users.salesperson, resource });
    const askGraph = async () => {
      const headers = { authorization: `Bearer ${token}` };
      const { status } = await fetch(`${resource}/v1.0/me`, { headers });
      return status;
    };
    expect(await askGraph()).toBe(200);
    vi.setSystemTime(Date.UTC(2031, 0, 2));
    expect(await askGraph()).toBe(401);
    // TLS goes by the machine's time.
    const { status } = await sendRequest(`${cloud.graph.https}/v1.0/me`, {
      ca: cloud.caCertificate,
    });
    expect(status).toBe(401);
  } finally {
    vi.useRealTimers();
  }
});

it('serves Entra ID, Graph and the CRM on six ports, HTTPS by its own authority', async () => {
  const cloud = await start();
  const services = [cloud.entra, cloud.graph, cloud.crm];
  expect(new Set(services.flatMap(({ http, https }) => [portOf(http), portOf(https)])).size).toBe(6);
  const answers = await Promise.all([
    sendRequest(`${cloud.graph.http}/v1.0/me`),
    sendRequest(`${cloud.graph.https}/v1.0/me`, { ca: cloud.caCertificate }),
    sendRequest(`${cloud.crm.http}/api/data/v9.2/WhoAmI`),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  const tenant = 'contoso.onmicrosoft.com';
  const discovery = await sendRequest(`${cloud.entra.http}/${tenant}/v2.0/.well-known/openid-configuration`);
  expect(readObject(discovery.body).token_endpoint).toContain(`${cloud.entra.http}/`);
});

it('serves each environment on ports of its own', async () => {
  const seed = {
    tenants: [
      {
        displayName: 'Fabrikam',
        domains: ['fabrikam.onmicrosoft.com'],
        environments: [{ urlName: 'fabrikam' }, { urlName: 'fabrikam-test', friendlyName: 'Fabrikam Test' }],
      },
    ],
  };
  const first = await start({ seed });
  const [contoso, fabrikam, test] = first.environments;
  expect(contoso).toMatchObject({ ...first.crm, origin: 'https://contoso.crm4.dynamics.com' });
  expect(test).toMatchObject({ friendlyName: 'Fabrikam Test', tenantId: fabrikam?.tenantId });
  for (const { http, https, tenantId } of first.environments) {
    for (const origin of [http, https]) {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const send = origin === http ? httpRequest : httpsRequest;
        send(`${origin}/api/data/v9.2/WhoAmI`, { ca: first.caCertificate, agent: false }, resolve)
          .on('error', reject)
          .end();
      });
      answer.resume();
      const challenge = answer.headers['www-authenticate'];
      expect(challenge).toContain(`/${tenantId}/oauth2/authorize, resource_id=${origin}/`);
    }
  }
  const ports = { http: portOf(fabrikam?.http ?? ''), https: portOf(fabrikam?.https ?? '') };
  await expect(startLocalCloud({ seed, ports: { environments: [ports] } })).rejects.toMatchObject({
    code: 'port_taken',
    service: 'environment fabrikam',
  });
  await first.close();
  const second = await start({ seed, ports: { environments: [ports] } });
  expect(second.environments[1]).toMatchObject({ http: fabrikam?.http, https: fabrikam?.https });
});

it('finds everything as it was after a restart', async () => {
  const first = await openLocalCloud({ dataFolder: folder });
  await first.close();
  const second = await start({ dataFolder: folder });
  expect(second.caCertificate).toBe(first.caCertificate);
  expect(second.context.signingKeys.current.kid).toBe(first.context.signingKeys.current.kid);
  expect(await readFile(second.caCertificateFile ?? '', 'utf8')).toBe(first.caCertificate);
});

it('takes the ports that it is told, and frees them when closed', async () => {
  const first = await start();
  const ports = { entra: portOf(first.entra.http), graphHttps: portOf(first.graph.https) };
  await expect(startLocalCloud({ ports })).rejects.toMatchObject({
    name: 'CloudStartError',
    code: 'port_taken',
    port: ports.entra,
    service: 'Entra ID',
  });
  await first.close();
  const second = await start({ ports });
  expect([second.entra.http, second.graph.https]).toEqual([first.entra.http, first.graph.https]);
});

it('may be closed twice', async () => {
  const cloud = await start();
  await Promise.all([cloud.close(), cloud.close()]);
  await expect(sendRequest(cloud.graph.http)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('ends the sign-ins of a person it knows', async () => {
  const cloud = await start();
  const { userPrincipalName } = cloud.users.salesperson;
  cloud.revokeSignIns(userPrincipalName);
  const validFrom = findUserByName(cloud.context.directory, userPrincipalName)?.tokensValidFrom;
  expect(validFrom).toBeGreaterThan(0);
  expect(validFrom).toBeLessThanOrEqual(cloud.context.clock.now());
  expect(() => cloud.revokeSignIns('nobody@contoso.onmicrosoft.com')).toThrow('Nobody is called nobody@');
});

it('explains a data folder that can not be made', async () => {
  const file = path.join(folder, 'file');
  await writeFile(file, '');
  await expect(startLocalCloud({ dataFolder: path.join(file, 'cloud') })).rejects.toMatchObject({
    code: 'data_folder_unwritable',
    message: textWith('Make it writable, or start with another folder.'),
  });
});

it.runIf(process.platform === 'linux')('explains a data folder where nothing can be made', async () => {
  await expect(startLocalCloud({ dataFolder: '/proc/latchkey/cloud' })).rejects.toMatchObject({
    code: 'data_folder_unwritable',
    message: textWith('/proc/latchkey/cloud'),
  });
});

it('makes a data folder with the folders above it, for its owner alone', async () => {
  const dataFolder = path.join(folder, 'one', 'two', 'cloud');
  await start({ dataFolder });
  for (const made of [dataFolder, path.join(folder, 'one')]) {
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  }
});

it('explains a file that is no database', async () => {
  const file = path.join(folder, 'cloud.db');
  await writeFile(file, 'hello '.repeat(1000));
  await expect(startLocalCloud({ dataFolder: folder })).rejects.toMatchObject({
    code: 'database_damaged',
    message: `The local cloud's database '${file}' is damaged. Restore it from a copy, or move it away to begin with a new one.`,
  });
});

it('explains a database with damaged pages', async () => {
  const first = await startLocalCloud({ dataFolder: folder });
  await first.close();
  const file = path.join(folder, 'cloud.db');
  const pages = await readFile(file);
  await writeFile(file, pages.fill(0x5a, 4096));
  await expect(startLocalCloud({ dataFolder: folder })).rejects.toMatchObject({ code: 'database_damaged' });
});

it('lets tests in other processes move its clock only when asked to', async () => {
  const clock = createMovableClock({ now: () => Date.UTC(2026, 0, 15) });
  const cloud = await start({ clock, adminApi: true });
  const url = `${cloud.entra.http}/_latchkey/clock`;
  const move = (body: string) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(await (await move('{"advanceSeconds":3600}')).json()).toEqual({
    now: '2026-01-15T01:00:00.000Z',
    epochMilliseconds: Date.UTC(2026, 0, 15, 1),
  });
  clock.advance(1000);
  expect(await (await fetch(url)).json()).toMatchObject({ now: '2026-01-15T01:00:01.000Z' });
  expect(cloud.context.clock.now()).toBe(Date.UTC(2026, 0, 15, 1, 0, 1));
  expect((await move('{"advanceSeconds":"much"}')).status).toBe(400);
  const other = await start();
  expect((await fetch(`${other.entra.http}/_latchkey/clock`)).status).toBe(404);
});

it.each([
  [{}, 'graph.microsoft.com'],
  [{ localGraphHost: true }, 'the port'],
])('names Graph in its discovery documents as it was asked to: %j', async (options, expected) => {
  const cloud = await start(options);
  const local = new URL(cloud.graph.http).host;
  for (const version of ['', '/v2.0']) {
    const document = await fetch(`${cloud.entra.http}/common${version}/.well-known/openid-configuration`);
    const { msgraph_host: host } = readObject(await document.text());
    expect(host).toBe(expected === 'the port' ? local : expected);
  }
});

it('is closed by the end of its block', async () => {
  let origin: string;
  {
    await using cloud = await startLocalCloud();
    origin = cloud.graph.http;
  }
  await expect(sendRequest(origin)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

/** Sends a request to this machine that means another name, as clients elsewhere do whom that name leads here. */
function sendByName(
  url: string,
  options: { ca?: string; headers?: Record<string, string> } = {},
): ReturnType<typeof sendRequest> {
  const { host, hostname } = new URL(url);
  return sendRequest(url.replace(hostname, '127.0.0.1'), {
    ...options,
    servername: hostname,
    headers: { ...options.headers, host },
  });
}

it('tells others the name that they reach it by, in documents, tokens and certificates', async () => {
  const domains = ['fabrikam.onmicrosoft.com'];
  const seed = { tenants: [{ displayName: 'Fabrikam', domains, environments: [{ urlName: 'fabrikam' }] }] };
  const cloud = await start({ host: '0.0.0.0', publicHost: 'cloud.test', seed });
  const services = [cloud.entra, cloud.graph, cloud.portal, ...cloud.environments];
  const addresses = [...services.flatMap(({ http, https }) => [http, https]), cloud.proxy];
  expect(new Set(addresses.map((address) => new URL(address).hostname))).toEqual(new Set(['cloud.test']));

  const document = '/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration';
  const discovery = await sendByName(cloud.entra.https + document, { ca: cloud.caCertificate });
  const { token_endpoint: endpoint, issuer } = readObject(discovery.body);
  expect([endpoint, issuer]).toEqual([
    textWith(`${cloud.entra.https}/`),
    expect.stringMatching(`^${cloud.entra.https}/`),
  ]);

  const token = await cloud.issueToken({ user: cloud.users.salesperson, resource: cloud.crm.http });
  const headers = { authorization: `Bearer ${token}` };
  const accounts = await sendByName(`${cloud.crm.http}/api/data/v9.2/accounts?$top=1`, { headers });
  expect(readObject(accounts.body)['@odata.context']).toContain(`${cloud.crm.http}/api/data/v9.2/`);

  const portal = await sendByName(`${cloud.portal.http}/`);
  expect(portal.location).toContain(encodeURIComponent(`${cloud.portal.http}/signin/index/`));
});

it('leads who comes to the portal by another name to the one that it has', async () => {
  const cloud = await start({ host: '0.0.0.0', publicHost: 'cloud.test' });
  const address = cloud.portal.http.replace('cloud.test', '127.0.0.1');
  const { location } = await sendRequest(address, { headers: { host: 'rebound.example' } });
  expect(location).toBe(`${cloud.portal.http}/`);
});
