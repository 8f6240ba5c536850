import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer, getCACertificates, rootCertificates, setDefaultCACertificates } from 'node:tls';
import { type LocalCloud, startLocalCloud } from '@latchkey/cloud';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openWayOut } from '../packages/hub/src/testing/open-way-out.ts';

const address = 'https://login.microsoftonline.com/organizations/v2.0/.well-known/openid-configuration';

let folder: string;
let cloud: LocalCloud;
let authorityFile: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-authorities-'));
  cloud = await startLocalCloud({ dataFolder: folder });
  authorityFile = path.join(folder, 'ca.pem');
});
afterAll(async () => {
  await cloud.close();
  await rm(folder, { recursive: true, force: true });
});

function call(environment: Record<string, string>, caCertificates: readonly string[] = []) {
  const outbound = openWayOut(environment, caCertificates);
  onTestFinished(() => outbound.close());
  return outbound.request(address, { method: 'GET' });
}

/** The cloud's proxy, spoken to over TLS. */
async function openSecureProxy(): Promise<string> {
  const server = createServer({
    cert: await readFile(path.join(folder, 'localhost.pem')),
    key: await readFile(path.join(folder, 'localhost-key.pem')),
  });
  server.on('secureConnection', (socket) => {
    const upstream = connect(Number(new URL(cloud.proxy).port), '127.0.0.1');
    socket.on('error', () => upstream.destroy()).pipe(upstream);
    upstream.on('error', () => socket.destroy()).pipe(socket);
  });
  await once(server.listen(0, 'localhost'), 'listening');
  onTestFinished(() => void server.close());
  const place = server.address();
  if (place === null || typeof place === 'string') throw new Error('The proxy has no port.');
  return `https://localhost:${place.port}`;
}

it('an authority of the operator’s is trusted through a tunnel', async () => {
  const trusting = { HTTPS_PROXY: cloud.proxy, NODE_EXTRA_CA_CERTS: authorityFile };
  expect(await call(trusting)).toMatchObject({ status: 200 });
  await expect(call({ HTTPS_PROXY: cloud.proxy })).rejects.toMatchObject({
    message: expect.stringContaining('login.microsoftonline.com shows a certificate of an authority'),
  });
});

it('an authority of the operator’s is trusted for the proxy itself', async () => {
  const proxy = await openSecureProxy();
  const trusting = { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: authorityFile };
  expect(await call(trusting)).toMatchObject({ status: 200 });
  await expect(call({ HTTPS_PROXY: proxy })).rejects.toMatchObject({ code: 'PROXY_CERTIFICATE_UNTRUSTED' });
});

it('what Node trusts stays trusted beside the authorities of the operator', async () => {
  const before = getCACertificates('default');
  onTestFinished(() => setDefaultCACertificates(before));
  setDefaultCACertificates([await readFile(authorityFile, 'utf8')]);
  expect(await call({ HTTPS_PROXY: cloud.proxy }, rootCertificates.slice(0, 1))).toMatchObject({
    status: 200,
  });
});
