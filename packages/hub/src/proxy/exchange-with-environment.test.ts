import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { callProxy, openCall } from './testing/call-proxy.ts';
import { startProxy, type TestProxy } from './testing/start-proxy.ts';
import { startUpstream, type UpstreamAnswer } from './testing/start-upstream.ts';

const megabyte = 1024 * 1024;
const block = randomBytes(64 * 1024);
const largeBytes = 20 * megabyte;
/**
 * What may be under way between two ends that don't read. Kernels let each hop's buffers grow to tens of megabytes, so
 * what is sent must be more than that by far.
 */
const underWayBytes = 80 * megabyte;
const endlessBytes = 2 * underWayBytes;
const stillTurns = 200;

const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of running.splice(0).toReversed()) await server.close();
});

async function proxyTo(answer: UpstreamAnswer): Promise<TestProxy> {
  const upstream = await startUpstream(answer);
  const proxy = await startProxy({ origin: upstream.origin });
  running.push(upstream, proxy);
  return proxy;
}

function* blocksOf(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += block.length) yield block;
}

async function digestOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

async function largeDigest(): Promise<string> {
  return digestOf(Readable.from(blocksOf(largeBytes)));
}

it.each([
  ['with a length', { 'content-length': String(largeBytes) }, String(largeBytes)],
  ['in chunks', { 'transfer-encoding': 'chunked' }, 'none'],
])('streams a large body up %s', async (_how, headers: Record<string, string>, announced) => {
  const proxy = await proxyTo(async (request, response) => {
    const { 'content-length': length = 'none' } = request.headers;
    response.end(`${length} ${await digestOf(request)}`);
  });
  const body = Readable.from(blocksOf(largeBytes));
  const answer = await callProxy(proxy.url, '/x', { method: 'PATCH', headers, body });
  expect(answer.body.toString('utf8')).toBe(`${announced} ${await largeDigest()}`);
});

it('streams a large answer down', async () => {
  const proxy = await proxyTo((_request, response) => Readable.from(blocksOf(largeBytes)).pipe(response));
  expect(await digestOf(await openCall(proxy.url, '/x'))).toBe(await largeDigest());
});

it('reads no more of an answer than a caller who does not read leaves room for', async () => {
  let written = 0;
  const proxy = await proxyTo((_request, response) => {
    const source = Readable.from(blocksOf(endlessBytes));
    source.on('data', (chunk: Buffer) => {
      written += chunk.length;
    });
    source.pipe(response);
  });
  const answer = await openCall(proxy.url, '/x');
  await settled(() => written);
  expect(written).toBeLessThan(underWayBytes);
  const whole = await digestOf(answer);
  expect(whole).toBe(await digestOf(Readable.from(blocksOf(endlessBytes))));
});

it('takes no more of a body than an environment that does not read leaves room for', async () => {
  const arrived = Promise.withResolvers<IncomingMessage>();
  const proxy = await proxyTo((request, response) => {
    arrived.resolve(request);
    request.once('end', () => response.end('done'));
  });
  let sent = 0;
  const body = Readable.from(blocksOf(endlessBytes)).on('data', (chunk: Buffer) => {
    sent += chunk.length;
  });
  const answer = callProxy(proxy.url, '/x', { method: 'POST', body });
  const request = await arrived.promise;
  await settled(() => sent);
  expect(sent).toBeLessThan(underWayBytes);
  request.resume();
  expect((await answer).body.toString('utf8')).toBe('done');
});

it('ends the request to the environment when the caller goes away before the answer', async () => {
  const upstreamClosed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const proxy = await proxyTo((request) => {
    request.socket.once('close', upstreamClosed.resolve);
    arrived.resolve();
  });
  const call = httpRequest(`${proxy.url}/x`).on('error', () => {});
  call.end();
  await arrived.promise;
  call.destroy();
  await upstreamClosed.promise;
  expect(proxy.evidence).toEqual([]);
});

it('ends the request to the environment when the caller goes away in the middle of the answer', async () => {
  const upstreamClosed = Promise.withResolvers<void>();
  const proxy = await proxyTo((request, response) => {
    request.socket.once('close', upstreamClosed.resolve);
    response.write('first');
  });
  const answer = await openCall(proxy.url, '/x');
  await once(answer, 'data');
  answer.destroy();
  await upstreamClosed.promise;
  expect(proxy.evidence).toEqual([]);
});

it('ends the request to the environment when the caller goes away in the middle of the body', async () => {
  const upstreamClosed = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const proxy = await proxyTo((request) => {
    request.once('data', () => arrived.resolve()).socket.once('close', upstreamClosed.resolve);
  });
  const call = httpRequest(`${proxy.url}/x`, { method: 'POST' }).on('error', () => {});
  call.write(block);
  await arrived.promise;
  call.destroy();
  await upstreamClosed.promise;
  expect(proxy.evidence).toEqual([]);
});

it('passes an answer on that comes before the body is whole, and keeps the caller’s connection usable', async () => {
  const proxy = await proxyTo((_request, response) => response.writeHead(413).end('too large'));
  const body = Readable.from(blocksOf(largeBytes));
  const answer = await callProxy(proxy.url, '/x', { method: 'POST', body });
  expect(answer.status).toBe(413);
  expect(answer.body.toString('utf8')).toBe('too large');
});

/**
 * Resolves when a figure has stood still for many turns of the event loop. All ends are in this process: as long as
 * there is something to move, each turn moves some of it.
 */
async function settled(figure: () => number): Promise<void> {
  let last = 0;
  for (let turns = 0; turns < stillTurns; turns += 1) {
    await setImmediate();
    if (figure() === 0 || figure() !== last) turns = 0;
    last = figure();
  }
}
