import { once } from 'node:events';
import { Agent, createServer } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { CloudStartError } from './cloud-start-error.ts';
import { type Certificates, openCertificates } from './open-certificates.ts';
import { type Listeners, openListeners } from './open-listeners.ts';
import { openReach } from './open-reach.ts';
import { sendRequest } from './testing/send-request.ts';

let certificates: Certificates;
const open: { close(): Promise<void> }[] = [];
const hasIpv6Loopback = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

beforeAll(async () => {
  certificates = await openCertificates({ folder: null, further: [], now: Date.now() });
});

afterEach(async () => {
  for (const listeners of open.splice(0)) await listeners.close();
});

async function listen(ports: { http: number; https: number } = { http: 0, https: 0 }): Promise<Listeners> {
  const listeners = await openListeners({
    service: 'Entra ID',
    ports,
    reach: openReach(),
    certificate: certificates.server,
  });
  open.push(listeners);
  return listeners;
}

function answerWithProtocol(listeners: Listeners): void {
  listeners.serve((request, response) => {
    response.end('encrypted' in request.socket ? 'https' : 'http');
  });
}

it('serves HTTP and HTTPS on ports of their own', async () => {
  const listeners = await listen();
  answerWithProtocol(listeners);
  const { origins } = listeners;
  expect(origins.http).toMatch(/^http:\/\/localhost:\d+$/);
  const ca = certificates.authority.certificate;
  expect(await sendRequest(origins.http)).toEqual({ status: 200, body: 'http' });
  expect(await sendRequest(origins.https, { ca })).toEqual({ status: 200, body: 'https' });
});

it.each([
  ['127.0.0.1', true],
  ['[::1]', hasIpv6Loopback],
])('answers at %s with a certificate that names it', async (name, present) => {
  if (!present) return;
  const listeners = await listen();
  answerWithProtocol(listeners);
  const url = listeners.origins.https.replace('localhost', name);
  const { body } = await sendRequest(url, { ca: certificates.authority.certificate });
  expect(body).toBe('https');
});

it('is not trusted without its authority', async () => {
  const listeners = await listen();
  answerWithProtocol(listeners);
  await expect(sendRequest(listeners.origins.https)).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
});

it('keeps early requests waiting until it serves', async () => {
  const listeners = await listen();
  const early = sendRequest(listeners.origins.http);
  const order: string[] = [];
  void early.then(() => order.push('answered'));
  // A whole round trip on another connection: the early one had its time.
  const other = await listen();
  answerWithProtocol(other);
  await sendRequest(other.origins.http);
  order.push('opened');
  answerWithProtocol(listeners);
  expect((await early).body).toBe('http');
  expect(order).toEqual(['opened', 'answered']);
});

it('says which service misses which port when it is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  open.push({
    close: () =>
      new Promise((resolve) => {
        other.close(() => resolve());
      }),
  });
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const failure = listen({ http: port, https: 0 });
  await expect(failure).rejects.toBeInstanceOf(CloudStartError);
  await expect(failure).rejects.toMatchObject({
    code: 'port_taken',
    port,
    service: 'Entra ID',
    message: `Port ${port}, where the local Entra ID should listen, is taken by another program. Stop that program, or start with another port.`,
  });
});

it('frees its ports when one of them is taken', async () => {
  const first = await listen();
  const taken = Number(new URL(first.origins.http).port);
  const second = await listen();
  const free = Number(new URL(second.origins.http).port);
  await second.close();
  await expect(listen({ http: free, https: taken })).rejects.toMatchObject({ port: taken });
  const third = await listen({ http: free, https: 0 });
  expect(third.origins.http).toBe(`http://localhost:${free}`);
});

it('closes connections that are kept alive', async () => {
  const listeners = await listen();
  answerWithProtocol(listeners);
  const agent = new Agent({ keepAlive: true });
  await sendRequest(listeners.origins.http, { agent });
  await listeners.close();
  await expect(sendRequest(listeners.origins.http)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  agent.destroy();
});

it.each([
  ['127.0.0.1', true],
  ['[::1]', hasIpv6Loopback],
])('ends an answer at %s that never comes', async (name, present) => {
  if (!present) return;
  const listeners = await listen();
  const asked = Promise.withResolvers<void>();
  listeners.serve(() => asked.resolve());
  const answer = sendRequest(listeners.origins.http.replace('localhost', name));
  const failure = answer.catch((error: Error) => error);
  await asked.promise;
  await listeners.close();
  expect(await failure).toMatchObject({ code: 'ECONNRESET' });
});

it('ends a connection that never says anything', async () => {
  const listeners = await listen();
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(listeners.origins.https).port) });
  await once(socket, 'connect');
  const ended = once(socket, 'close');
  await listeners.close();
  expect(await ended).toEqual([false]);
});
