import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { createOutboundHttp, type OutboundOptions } from './create-outbound-http.ts';

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

function open(authority: string, options: Partial<OutboundOptions> = {}) {
  const cloud = { name: 'local', title: 'Test', authority, graph: authority, localEnvironments: [] } as const;
  const outbound = createOutboundHttp({ config: loadConfig({}, { cloud }), ...options });
  onTestFinished(() => outbound.close());
  return outbound;
}

const nowhere = 'https://login.example';
const get = { method: 'GET' } as const;
/** undici's is 10 s, and it notices nothing before. */
const underConnectTimeout = 5_000;

describe('a call to the configured cloud', () => {
  it('brings the whole answer', async () => {
    const origin = await serve((request, response) => {
      request.setEncoding('utf8');
      request.on('data', (body: string) => {
        response.writeHead(201, { 'content-type': 'text/plain', 'set-cookie': ['a=1', 'b=2'] });
        response.end(`${request.method} ${request.url} ${String(request.headers['x-a'])} ${body}`);
      });
    });
    const answer = await open(origin).request(`${origin}/token?x=%20y`, {
      method: 'POST',
      headers: { 'x-a': 'b' },
      body: 'grant_type=password',
    });
    expect(answer).toMatchObject({
      status: 201,
      body: 'POST /token?x=%20y b grant_type=password',
      headers: { 'content-type': 'text/plain', 'set-cookie': 'a=1, b=2' },
    });
  });

  it('is made wherever its name leads', async () => {
    const port = new URL(await serve((_request, response) => response.end('local'))).port;
    const local = open(`http://localhost:${port}`, { resolve: () => expect.unreachable() });
    expect(await local.request(`http://localhost:${port}`, get)).toMatchObject({ body: 'local' });
  });

  it('says who calls, and in which encodings it reads', async () => {
    const origin = await serve(({ headers }, response) =>
      response.end(`${headers['user-agent']} ${String(headers['accept-encoding'])}`),
    );
    const { body } = await open(origin).request(origin, get);
    expect(body).toMatch(/^latchkey\/\S+ gzip, deflate, br$/);
  });

  it('takes an answer whose head repeats the longest address', async () => {
    const location = `/${'x'.repeat(32_768)}`;
    const origin = await serve((_request, response) => response.writeHead(201, { location }).end());
    expect((await open(origin).request(origin, get)).headers.location).toBe(location);
  });

  it('does not follow redirects', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect(await open(origin).request(origin, get)).toMatchObject({ status: 302 });
  });

  it('ends in time where not even a connection comes to be', { timeout: underConnectTimeout }, async () => {
    const server = createTcpServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    const sockets: Socket[] = [];
    await once(server, 'listening');
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const timers = createTestTimers();
    const silent = `https://127.0.0.1:${address.port}`;
    const call = open(silent, { startTimer: timers.startTimer }).request(silent, get);
    void once(server, 'connection').then(() => timers.pass(20_000));
    await expect(call).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringMatching(/ gave no whole answer within 20 s\.$/),
    });
  });

  it('ends when no answer comes in time', async () => {
    const arrived = Promise.withResolvers<void>();
    const origin = await serve(() => arrived.resolve());
    const timers = createTestTimers();
    const outbound = open(origin, { timeoutMilliseconds: 50, startTimer: timers.startTimer });
    const call = outbound.request(`${origin}/token?code=secret`, get);
    void arrived.promise.then(() => timers.pass(50));
    await expect(call).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ gave no whole answer within 0\.05 s\.$/),
    });
  });

  it('ends when an answer that has begun does not end in time', async () => {
    const begun = Promise.withResolvers<void>();
    const origin = await serve((_request, response) => {
      response.write('{"access_token":', () => begun.resolve());
    });
    const timers = createTestTimers();
    const call = open(origin, { startTimer: timers.startTimer }).request(origin, {
      ...get,
      timeoutMilliseconds: 50,
    });
    void begun.promise.then(() => timers.pass(50));
    await expect(call).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('fails when the answer is cut off', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"access_token":');
      setImmediate(() => response.destroy());
    });
    await expect(open(origin).request(origin, get)).rejects.toMatchObject({
      name: 'OutboundError',
      message: expect.stringContaining('cut'),
    });
  });

  it('brings an answer of a whole megabyte', async () => {
    const origin = await serve((_request, response) => response.end('x'.repeat(1024 * 1024)));
    expect((await open(origin).request(origin, get)).body).toHaveLength(1024 * 1024);
  });

  it('fails when the answer is larger than any answer can be', async () => {
    const origin = await serve((_request, response) => response.end('x'.repeat(1024 * 1024 + 1)));
    await expect(open(origin).request(origin, get)).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE' });
  });

  it.each([
    ['099', 'sent an answer that is no HTTP'],
    ['600', 'answered with the status 600, which HTTP does not have'],
    ['999', 'answered with the status 999, which HTTP does not have'],
  ])('fails when the answer’s status is %s', async (status, sentence) => {
    const origin = await serve((request) => {
      request.socket.end(`HTTP/1.1 ${status} Odd\r\ncontent-length: 0\r\n\r\n`);
    });
    await expect(open(origin).request(origin, get)).rejects.toMatchObject({
      code: 'ANSWER_NO_HTTP',
      message: `${new URL(origin).host} ${sentence}.`,
    });
  });

  it('tells a refused connection', async () => {
    const origin = 'http://127.0.0.1:9';
    await expect(open(origin).request(origin, get)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: '127.0.0.1:9 refuses connections.',
    });
  });

  it('keeps connections for the next call', async () => {
    const ports = new Set<number | undefined>();
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const outbound = open(origin);
    for (let call = 0; call < 10; call += 1) await outbound.request(origin, get);
    expect(ports.size).toBeLessThan(5);
    expect(outbound.pool(origin)).toBe(outbound.pool(`${origin}/`));
  });
});

describe('a call to an address that people typed', () => {
  it.each([
    ['plain http', 'http://crm.example'],
    ['this machine', 'https://127.0.0.1'],
    ['this machine in other words', 'https://0x7f.1'],
    ['this machine by IPv6', 'https://[::1]:5432'],
    ['the clouds’ metadata', 'https://169.254.169.254'],
    ['a private network', 'https://10.0.0.5'],
    ['an IPv4-mapped address', 'https://[::ffff:10.0.0.5]'],
    ['no address', 'crm'],
    ['another scheme', 'file:///etc/passwd'],
  ])('is refused for %s', async (_name, address) => {
    const outbound = open(nowhere);
    await expect(outbound.request(address, get)).rejects.toMatchObject({ code: 'address_not_allowed' });
    expect(() => outbound.pool(address)).toThrow(expect.objectContaining({ code: 'address_not_allowed' }));
  });

  it('is refused when the name leads into the network, at the time of the connection', async () => {
    const outbound = open(nowhere, {
      resolve: (_name, callback) => callback(null, [{ address: '10.0.0.5', family: 4 }]),
    });
    await expect(outbound.request('https://crm.example/', get)).rejects.toMatchObject({
      code: 'address_not_allowed',
      message: 'crm.example is not on the public Internet.',
    });
  });

  it('is refused when only one of the name’s addresses leads into the network', async () => {
    const outbound = open(nowhere, {
      resolve: (_name, callback) =>
        callback(null, [
          { address: '8.8.8.8', family: 4 },
          { address: '::1', family: 6 },
        ]),
    });
    await expect(outbound.request('https://crm.example/', get)).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
  });

  it('is refused through a pool, too', async () => {
    const outbound = open(nowhere, {
      resolve: (_name, callback) => callback(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    const call = outbound.pool('https://crm.example').request({ path: '/', method: 'GET' });
    await expect(call).rejects.toMatchObject({ code: 'address_not_allowed' });
  });

  it('tells a name that nobody knows', async () => {
    const outbound = open(nowhere, {
      resolve: (_name, callback) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    });
    await expect(outbound.request('https://crm.example/', get)).rejects.toMatchObject({
      code: 'ENOTFOUND',
      message: expect.stringContaining('crm.example'),
    });
  });

  it('is made when the operator allows that origin, and only that', async () => {
    const origin = await serve((_request, response) => response.end('crm'));
    const cloud = {
      name: 'global',
      title: '',
      authority: nowhere,
      graph: nowhere,
      localEnvironments: [],
    } as const;
    const outbound = createOutboundHttp({
      config: loadConfig({ LATCHKEY_ALLOWED_ORIGINS: origin }, { cloud }),
    });
    onTestFinished(() => outbound.close());
    expect(await outbound.request(origin, get)).toMatchObject({ body: 'crm' });
    await expect(outbound.request('http://127.0.0.1:1', get)).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
  });
});
