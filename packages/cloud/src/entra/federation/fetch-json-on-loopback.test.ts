import { X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import https from 'node:https';
import { afterEach, expect, it } from 'vitest';
import { makeClientCertificate } from '../../jwt/testing/client-certificate.ts';
import { openTestIssuer, type TestIssuer } from '../testing/open-test-issuer.ts';
import { fetchJsonOnLoopback, isOnLoopback } from './fetch-json-on-loopback.ts';

let server: TestIssuer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

it.each<[string, (response: ServerResponse, done: () => void) => void]>([
  ['never answers', (_response, done) => done()],
  ['never ends its answer', (response, done) => response.write('{', done)],
])('does not wait for ever for a server that %s', async (_name, begin) => {
  server = await openTestIssuer();
  const patience = new AbortController();
  server.answerBy((_request, response) => begin(response, () => patience.abort()));
  expect(await fetchJsonOnLoopback(new URL(server.issuer), patience.signal)).toEqual({
    fetched: false,
    reason: 'does not answer in time',
  });
});

it('reaches names below localhost without asking a resolver', async () => {
  server = await openTestIssuer();
  const url = new URL(server.issuer.replace('localhost', 'issuer.localhost'));
  expect(await fetchJsonOnLoopback(url)).toMatchObject({ fetched: true });
});

it('reads HTTPS, whoever signed the certificate', async () => {
  const { certificate, privateKey } = await makeClientCertificate(Date.now());
  const cert = new X509Certificate(Buffer.from(certificate, 'base64')).toString();
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const secure = https.createServer({ cert, key }, (_request, response) => response.end('{"keys":[]}'));
  await new Promise<void>((resolve) => {
    secure.listen(0, '127.0.0.1', resolve);
  });
  const address = secure.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const answer = await fetchJsonOnLoopback(new URL(`https://localhost:${port}/keys`));
  secure.closeAllConnections();
  secure.close();
  expect(answer).toEqual({ fetched: true, json: { keys: [] } });
});

it.each([
  ['http://localhost:1/x', true],
  ['https://127.1.2.3', true],
  ['http://[::1]:9/', true],
  ['https://localhost.example.com', false],
  ['https://127.0.0.1.example.com', false],
  ['http://10.0.0.1', false],
  ['http://0.0.0.0', false],
  ['file:///etc/passwd', false],
  ['ftp://localhost/', false],
])('%s is on this machine: %s', (url, expected) => {
  expect(isOnLoopback(new URL(url))).toBe(expected);
});
