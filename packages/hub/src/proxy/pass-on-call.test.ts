import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import { callProxy, openCall } from './testing/call-proxy.ts';
import {
  patientMilliseconds,
  startProxy,
  type TestProxy,
  type TestProxyOptions,
} from './testing/start-proxy.ts';
import {
  startRawUpstream,
  startUpstream,
  type UpstreamAnswer,
  unusedOrigin,
} from './testing/start-upstream.ts';

const running: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const server of running.splice(0).toReversed()) await server.close();
});

async function proxyTo(answer: UpstreamAnswer, options: Partial<TestProxyOptions> = {}): Promise<TestProxy> {
  const upstream = await startUpstream(answer);
  running.push(upstream);
  return proxyOf({ origin: upstream.origin, ...options });
}

async function proxyToBytes(answer: (socket: Socket) => void): Promise<TestProxy> {
  const upstream = await startRawUpstream(answer);
  running.push(upstream);
  return proxyOf({ origin: upstream.origin });
}

async function proxyOf(options: TestProxyOptions): Promise<TestProxy> {
  const proxy = await startProxy(options);
  running.push(proxy);
  return proxy;
}

/** An environment that leaves its answers to the test: those of the calls it expects, each once it has arrived. */
function holdAnswers(count: number): { answer: UpstreamAnswer; held: Promise<ServerResponse>[] } {
  const calls = Array.from({ length: count }, () => Promise.withResolvers<ServerResponse>());
  let arrived = 0;
  return {
    answer(_request, response) {
      const call = calls[arrived];
      if (!call) throw new Error('An unexpected call reached the environment.');
      arrived += 1;
      call.resolve(response);
    },
    held: calls.map(({ promise }) => promise),
  };
}

function echoTarget(request: IncomingMessage, response: ServerResponse): void {
  response.end(request.url);
}

/** Answers 401 to the first token and tells the second one what it got. */
async function refuseFirstToken(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  response.statusCode = request.headers.authorization === 'Bearer token' ? 401 : 200;
  response.end(`${request.method} ${body}`);
}

async function problemOf(proxy: TestProxy, path = '/x'): Promise<{ status: number; code: string }> {
  const { status, body } = await callProxy(proxy.url, path);
  return { status, code: JSON.parse(body.toString('utf8')).code };
}

it.each([
  ['/api/data/v9.2/accounts?$select=name&$filter=contains(name,%27A%2BB%27)&$top=3'],
  ['/api/data/v9.2/accounts?%24filter=name%20eq%20%27a+b%27&&x=%zz'],
  ["/api/data/v9.2/accounts(accountnumber='A%2F1')/name/$value"],
  ['//other.example/x/../y/./%2e%2e/'],
])('sends %s to the environment byte for byte', async (path) => {
  const proxy = await proxyTo(echoTarget);
  expect((await callProxy(proxy.url, path)).body.toString('latin1')).toBe(path);
});

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('passes %s and its body on', async (method) => {
  const proxy = await proxyTo(async (request, response) => {
    response.end(`${request.method} ${await text(request)}`);
  });
  const { body } = await callProxy(proxy.url, '/x', { method, body: '{"name":"é"}' });
  expect(body.toString('utf8')).toBe(`${method} {"name":"é"}`);
});

it('says the environment’s host, the connection’s token and no credential of the caller', async () => {
  const proxy = await proxyTo((request, response) => response.end(JSON.stringify(request.headers)));
  const { body } = await callProxy(proxy.url, '/x', {
    headers: {
      authorization: 'Bearer lk_caller',
      cookie: 'latchkey_session=s',
      prefer: 'odata.maxpagesize=2',
    },
  });
  const headers = JSON.parse(body.toString('utf8'));
  expect(headers).toMatchObject({ authorization: 'Bearer token', prefer: 'odata.maxpagesize=2' });
  expect(headers.host).not.toBe(new URL(proxy.url).host);
  expect(body.toString('utf8')).not.toMatch(/lk_caller|latchkey_session/);
});

it.each([
  [204, {}],
  [304, { etag: 'W/"1"' }],
  [412, { 'odata-version': '4.0' }],
  [409, {}],
  [429, { 'retry-after': '3600' }],
])('passes %i and its headers on, and asks no second time', async (status, headers) => {
  let calls = 0;
  const proxy = await proxyTo((_request, response) => {
    calls += 1;
    response.writeHead(status, headers).end();
  });
  const answer = await callProxy(proxy.url, '/x');
  expect(answer).toMatchObject({ status, headers });
  expect(answer.body).toHaveLength(0);
  expect(calls).toBe(1);
});

it('answers HEAD with the length of the body that is not sent', async () => {
  const proxy = await proxyTo((_request, response) =>
    response.writeHead(200, { 'content-length': '2048' }).end(),
  );
  const answer = await callProxy(proxy.url, '/x', { method: 'HEAD' });
  expect(answer).toMatchObject({ status: 200, headers: { 'content-length': '2048' } });
});

it('skips an early hint and passes the final answer on', async () => {
  const proxy = await proxyTo((_request, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.end('final');
  });
  expect((await callProxy(proxy.url, '/x')).body.toString('utf8')).toBe('final');
});

it('heals a 401 once and makes the call again with the other token', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const answer = await callProxy(proxy.url, '/x', { method: 'POST', body: '{"name":"Fabrikam"}' });
  expect(answer.status).toBe(200);
  expect(answer.body.toString('utf8')).toBe('POST {"name":"Fabrikam"}');
  expect(proxy.healed).toEqual(['token']);
  expect(proxy.evidence).toEqual(['200']);
});

it('heals concurrent calls that carried the same rejected token', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const answers = await Promise.all(Array.from({ length: 10 }, () => callProxy(proxy.url, '/x')));
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
});

it('passes a second 401 on with its challenge, and tells that a fresh token was refused', async () => {
  const proxy = await proxyTo((_request, response) => {
    response.writeHead(401, { 'www-authenticate': 'Bearer authorization_uri=x' }).end('no');
  });
  const answer = await callProxy(proxy.url, '/x');
  expect(answer).toMatchObject({
    status: 401,
    headers: { 'www-authenticate': 'Bearer authorization_uri=x' },
  });
  expect(answer.body.toString('utf8')).toBe('no');
  expect(proxy.healed).toHaveLength(1);
  expect(proxy.evidence).toEqual(['401', 'fresh token refused']);
});

it('passes the 401 of a streamed body on, since it can’t be sent again, and heals for the next call', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const answer = await callProxy(proxy.url, '/x', {
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked' },
    body: 'streamed',
  });
  expect(answer.status).toBe(401);
  expect(proxy.healed).toEqual(['token']);
});

const replayableBytes = 64 * 1024;

it('makes the call again with a body of 64 KB', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const body = Buffer.alloc(replayableBytes, 'x');
  const answer = await callProxy(proxy.url, '/x', { method: 'POST', body });
  expect(answer.status).toBe(200);
  expect(answer.body).toHaveLength('POST '.length + replayableBytes);
});

it('streams a body of 64 KB and one byte, which can’t be sent again', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const body = Buffer.alloc(replayableBytes + 1, 'x');
  const answer = await callProxy(proxy.url, '/x', { method: 'POST', body });
  expect(answer.status).toBe(401);
  expect(answer.body).toHaveLength('POST '.length + replayableBytes + 1);
});

it('never heals a 403; its body reaches the caller and the evidence', async () => {
  const refusal = '{"error":{"code":"0x80072560","message":"The user is not a member of the organization."}}';
  const proxy = await proxyTo((_request, response) => response.writeHead(403).end(refusal));
  const answer = await callProxy(proxy.url, '/x');
  expect(answer).toMatchObject({ status: 403, body: Buffer.from(refusal) });
  expect(proxy.healed).toEqual([]);
  expect(proxy.evidence).toEqual([`403 ${refusal}`]);
});

it.each<[string, Record<string, string>, Buffer, string]>([
  ['gzip', { 'content-encoding': 'gzip' }, gzipSync('refused'), '403 refused'],
  [
    'a character set',
    { 'content-type': 'a/b; charset=utf-16le' },
    Buffer.from('refused', 'utf16le'),
    '403 refused',
  ],
  ['gzip that is none', { 'content-encoding': 'gzip' }, Buffer.from('refused'), '403'],
  ['a bomb', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(8 * 1024 * 1024)), '403'],
  ['16 KB', {}, Buffer.alloc(16 * 1024, 'x'), `403 ${'x'.repeat(16 * 1024)}`],
  ['more than that', {}, Buffer.alloc(16 * 1024 + 1, 'x'), '403'],
])(
  'reads a 403 in %s for the evidence, and passes it on as it is',
  async (_case, headers, body, evidence) => {
    const proxy = await proxyTo((_request, response) => {
      response.writeHead(403, headers).write(body.subarray(0, 1));
      response.end(body.subarray(1));
    });
    const answer = await callProxy(proxy.url, '/x');
    expect(answer).toMatchObject({ status: 403, headers, body });
    expect(proxy.evidence).toEqual([evidence]);
  },
);

it('answers with the reason when no other token is to be had', async () => {
  const { HubError } = await import('../errors/hub-error.ts');
  const proxy = await proxyTo((_request, response) => response.writeHead(401).end(), {
    heal: () => Promise.reject(new HubError('connection_needs_sign_in')),
  });
  expect(await problemOf(proxy)).toEqual({ status: 409, code: 'connection_needs_sign_in' });
});

it('turns a call over the limit away with Retry-After when no other ends in time', async () => {
  const { answer, held } = holdAnswers(1);
  const proxy = await proxyTo(answer, { limit: 1 });
  const first = openCall(proxy.url, '/first');
  const environment = await held[0];
  const waits = proxy.timers.nextStart();
  const second = callProxy(proxy.url, '/second');
  await waits;
  // An answer that flows, if slowly, keeps its place.
  for (const part of ['slow', 'ly']) {
    const moves = proxy.timers.nextRefresh();
    environment?.write(part);
    await moves;
    proxy.timers.pass(patientMilliseconds / 2);
  }
  expect(await second).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  expect((await second).body.toString('utf8')).toMatch(/too_many_concurrent_calls.*None became free/);
  environment?.end();
  expect(await text(await first)).toBe('slowly');
});

it('lets a waiting call in as soon as one has ended', async () => {
  const { answer, held } = holdAnswers(2);
  const proxy = await proxyTo(answer, { limit: 1 });
  const first = callProxy(proxy.url, '/first');
  const environment = await held[0];
  const waits = proxy.timers.nextStart();
  const second = callProxy(proxy.url, '/second');
  await waits;
  environment?.end('1');
  expect((await first).body.toString('utf8')).toBe('1');
  (await held[1])?.end('2');
  expect((await second).body.toString('utf8')).toBe('2');
});

/** An environment that protects itself so many times before it answers. */
function protectsItself(times: number, status = 429): { answer: UpstreamAnswer; calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    async answer(request, response) {
      calls.push(`${request.method} ${await text(request)}`);
      if (calls.length > times) response.end('done');
      else response.writeHead(status, { 'retry-after': '7' }).end('not now');
    },
  };
}

const sevenSeconds = 7000;

it('makes a read again when the environment says, and the caller sees the last answer alone (lesson 17)', async () => {
  const { answer, calls } = protectsItself(2);
  const proxy = await proxyTo(answer);
  const called = callProxy(proxy.url, '/x');
  for (let wait = 0; wait < 2; wait += 1) {
    await proxy.timers.nextWait(sevenSeconds);
    proxy.timers.pass(sevenSeconds - 1);
    expect(calls).toHaveLength(wait + 1);
    proxy.timers.pass(1);
  }
  expect(await called).toMatchObject({ status: 200, body: Buffer.from('done') });
  expect(calls).toEqual(['GET ', 'GET ', 'GET ']);
  expect(proxy.evidence).toEqual(['200']);
});

it('passes what the environment says at the last try on, limits and all', async () => {
  const { answer, calls } = protectsItself(9, 503);
  const proxy = await proxyTo(answer);
  const called = callProxy(proxy.url, '/x');
  for (let wait = 0; wait < 3; wait += 1) {
    await proxy.timers.nextWait(sevenSeconds);
    proxy.timers.pass(sevenSeconds);
  }
  expect(await called).toMatchObject({
    status: 503,
    headers: { 'retry-after': '7' },
    body: Buffer.from('not now'),
  });
  expect(calls).toHaveLength(4);
});

it.each([
  ['a change', 'POST', {}],
  ['a read of a caller who does not want it', 'GET', { 'latchkey-retry': 'never' }],
])('does not make %s again', async (_what, method, headers) => {
  const { answer, calls } = protectsItself(1);
  const proxy = await proxyTo(answer);
  const called = await callProxy(proxy.url, '/x', {
    method,
    headers,
    ...(method === 'POST' && { body: '{}' }),
  });
  expect(called).toMatchObject({
    status: 429,
    headers: { 'retry-after': '7' },
    body: Buffer.from('not now'),
  });
  expect(calls).toHaveLength(1);
});

it('makes a change again, with its body, for a caller who asks for it', async () => {
  const { answer, calls } = protectsItself(1);
  const proxy = await proxyTo(answer);
  const headers = { 'latchkey-retry': 'always' };
  const called = callProxy(proxy.url, '/x', { method: 'POST', headers, body: '{"name":"Fabrikam"}' });
  await proxy.timers.nextWait(sevenSeconds);
  proxy.timers.pass(sevenSeconds);
  expect((await called).status).toBe(200);
  expect(calls).toEqual(['POST {"name":"Fabrikam"}', 'POST {"name":"Fabrikam"}']);
});

it('makes a call again with the token of that moment', async () => {
  const { answer, calls } = protectsItself(1);
  const tokens: unknown[] = [];
  const proxy = await proxyTo((request, response) => {
    tokens.push(request.headers.authorization);
    return answer(request, response);
  });
  const called = callProxy(proxy.url, '/x');
  await proxy.timers.nextWait(sevenSeconds);
  proxy.useToken('newer');
  proxy.timers.pass(sevenSeconds);
  expect((await called).status).toBe(200);
  expect(tokens).toEqual(['Bearer token', 'Bearer newer']);
  expect(calls).toHaveLength(2);
});

it('makes a call again after it was healed', async () => {
  const statuses = [401, 429, 200];
  const proxy = await proxyTo((_request, response) =>
    response.writeHead(statuses.shift() ?? 500, { 'retry-after': '7' }).end('done'),
  );
  const called = callProxy(proxy.url, '/x');
  await proxy.timers.nextWait(sevenSeconds);
  proxy.timers.pass(sevenSeconds);
  expect((await called).status).toBe(200);
  expect(proxy.healed).toEqual(['token']);
});

it('leaves its place to others while it waits, and makes no call for a caller who went away', async () => {
  const { answer, calls } = protectsItself(1);
  const proxy = await proxyTo(answer, { limit: 1 });
  const waits = proxy.timers.nextWait(sevenSeconds);
  const { port, pathname } = new URL(proxy.url);
  const caller = connect(Number(port), '127.0.0.1');
  caller.write(`GET ${pathname}/x HTTP/1.1\r\nhost: hub\r\n\r\n`);
  await waits;
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  const ended = proxy.timers.nextEnd(sevenSeconds);
  caller.destroy();
  await ended;
  proxy.timers.pass(sevenSeconds);
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  expect(calls).toHaveLength(3);
});

it('makes no further call for a caller who went away while its token was fetched, and keeps no place', async () => {
  const { answer, calls } = protectsItself(1);
  const fetched = Promise.withResolvers<void>();
  const fetching = Promise.withResolvers<void>();
  let tokens = 0;
  const proxy = await proxyTo(answer, {
    limit: 1,
    async beforeToken() {
      tokens += 1;
      if (tokens !== 2) return;
      fetching.resolve();
      await fetched.promise;
    },
  });
  const waits = proxy.timers.nextWait(sevenSeconds);
  const { port, pathname } = new URL(proxy.url);
  const caller = connect(Number(port), '127.0.0.1');
  caller.write(`GET ${pathname}/x HTTP/1.1\r\nhost: hub\r\n\r\n`);
  await waits;
  proxy.timers.pass(sevenSeconds);
  await fetching.promise;
  caller.destroy();
  await once(caller, 'close');
  // Answered only once the hub has seen the other one go.
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  fetched.resolve();
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  expect(calls).toHaveLength(3);
});

it('makes no further call for a caller who went away while its token was healed', async () => {
  const healing = Promise.withResolvers<void>();
  const healed = Promise.withResolvers<string>();
  let calls = 0;
  const proxy = await proxyTo(
    (_request, response) => {
      calls += 1;
      response.writeHead(calls === 1 ? 401 : 200).end();
    },
    {
      heal() {
        healing.resolve();
        return healed.promise;
      },
    },
  );
  const { port, pathname } = new URL(proxy.url);
  const caller = connect(Number(port), '127.0.0.1');
  caller.write(`GET ${pathname}/x HTTP/1.1\r\nhost: hub\r\n\r\n`);
  await healing.promise;
  caller.destroy();
  await once(caller, 'close');
  // Answered only once the hub has seen the other one go.
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  healed.resolve('another');
  expect((await callProxy(proxy.url, '/other')).status).toBe(200);
  expect(calls).toBe(3);
});

it('waits no longer than its caller, though the clock is set back meanwhile', async () => {
  const { answer, calls } = protectsItself(9);
  const proxy = await proxyTo(answer);
  const called = callProxy(proxy.url, '/x');
  await proxy.timers.nextWait(sevenSeconds);
  proxy.clock.advance(-90 * 24 * 3_600_000);
  proxy.timers.pass(sevenSeconds);
  expect((await called).status).toBe(429);
  expect(calls).toHaveLength(2);
});

it('gives its way of retrying to nobody, and knows no other', async () => {
  const proxy = await proxyTo((request, response) => response.end(JSON.stringify(request.headers)));
  const { body } = await callProxy(proxy.url, '/x', { headers: { 'latchkey-retry': 'never' } });
  expect(body.toString('utf8')).not.toContain('latchkey');
  const answer = await callProxy(proxy.url, '/x', { headers: { 'latchkey-retry': 'sometimes' } });
  expect(answer.status).toBe(400);
});

it('says that the environment can’t be reached where nothing listens', async () => {
  const proxy = await proxyOf({ origin: await unusedOrigin() });
  expect(await problemOf(proxy)).toEqual({ status: 502, code: 'crm_unavailable' });
});

it('answers a large upload although the environment is down', async () => {
  const proxy = await proxyOf({ origin: await unusedOrigin() });
  const megabytes = 4 * 1024 * 1024;
  const answer = await callProxy(proxy.url, '/x', { method: 'POST', body: Buffer.alloc(megabytes) });
  expect(answer.status).toBe(502);
});

it('says that the environment did not answer in time', async () => {
  const { answer, held } = holdAnswers(1);
  const proxy = await proxyTo(answer);
  const problem = problemOf(proxy);
  await held[0];
  proxy.timers.pass(patientMilliseconds);
  expect(await problem).toEqual({ status: 504, code: 'crm_timeout' });
});

it.each([
  ['that streams', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', 'the environment'],
  ['that is small', 'content-length: 10\r\n\r\nabc', 'the hub'],
  ['that is small and never begins', 'content-length: 10\r\n\r\n', 'the hub'],
])('says that a body %s did not arrive in time', async (_what, bytes, whoWaits) => {
  const streams = Promise.withResolvers<unknown>();
  const proxy = await proxyTo((request, response) => {
    request.once('data', streams.resolve).once('end', () => response.end());
  });
  const waits = whoWaits === 'the hub' ? proxy.timers.nextStart() : streams.promise;
  const { port, pathname } = new URL(proxy.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`POST ${pathname}/x HTTP/1.1\r\nhost: hub\r\n${bytes}`);
  await waits;
  proxy.timers.pass(patientMilliseconds);
  let answer = '';
  for await (const chunk of socket) {
    answer += String(chunk);
    if (answer.includes('}')) break;
  }
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer).toContain('"body_too_slow"');
});

it('gives a small body as long as it moves', async () => {
  const proxy = await proxyTo(refuseFirstToken);
  const body = 'abc';
  async function* trickle() {
    for (const letter of body) {
      const moves = proxy.timers.nextRefresh();
      yield letter;
      await moves;
      // Longer in all than the call may stand still.
      proxy.timers.pass(patientMilliseconds - 1);
    }
  }
  const answer = await callProxy(proxy.url, '/x', {
    method: 'POST',
    headers: { 'content-length': `${body.length}` },
    body: Readable.from(trickle()),
  });
  expect(answer.body.toString('utf8')).toBe(`POST ${body}`);
});

it.each([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
  [
    'an unasked change of protocol',
    'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
  ],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
  ['a header with a control character', 'HTTP/1.1 200 OK\r\nx-a: \u0001\r\ncontent-length: 0\r\n\r\n'],
  ['a status below those of HTTP', 'HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n'],
  ['a status above those of HTTP', 'HTTP/1.1 600 Odd\r\ncontent-length: 0\r\n\r\n'],
  ['a status far above', 'HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\nab'],
])('calls %s nonsense', async (_what, bytes) => {
  const proxy = await proxyToBytes((socket) => socket.once('data', () => socket.write(bytes, 'latin1')));
  expect(await problemOf(proxy)).toEqual({ status: 502, code: 'crm_nonsense' });
});

it('says that the environment can’t be reached when it closes before it answers', async () => {
  const proxy = await proxyToBytes((socket) => socket.once('data', () => socket.end()));
  expect(await problemOf(proxy)).toEqual({ status: 502, code: 'crm_unavailable' });
});

it.each([
  ['whose length is known', 'content-length: 10\r\n\r\nhalf'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
  ['in the middle of a chunk', 'transfer-encoding: chunked\r\n\r\na\r\nhalf'],
  ['that is refused', 'content-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
])(
  'cuts the caller off when an answer breaks off %s, so that half is not taken for the whole',
  async (what, rest) => {
    const status = what === 'that is refused' ? '403 Forbidden' : '200 OK';
    const proxy = await proxyToBytes((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\n${rest}`)),
    );
    const answer = await openCall(proxy.url, '/x');
    expect(answer.statusCode).toBe(Number(status.slice(0, 3)));
    await expect(text(answer)).rejects.toThrow('aborted');
    expect(answer.complete).toBe(false);
    expect(proxy.evidence).toEqual([]);
  },
);

it('cuts the caller off when the answer stops flowing', async () => {
  const proxy = await proxyToBytes((socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf')),
  );
  const answer = await openCall(proxy.url, '/x');
  proxy.timers.pass(patientMilliseconds);
  await expect(text(answer)).rejects.toThrow('aborted');
});

const standIn = 'https://hub.example/api/v1/connections/c1/environment';

/** An environment whose answer leads on, to itself. */
function leadsOn(
  encode: (body: string) => Buffer | string,
  headers: Record<string, string> = {},
): UpstreamAnswer {
  return (request, response) => {
    const link = `http://${request.headers.host}/api/data/v9.2/accounts`;
    const body = encode(JSON.stringify({ value: [{ n: 'ü' }], '@odata.nextLink': `${link}?page=2` }));
    response.writeHead(201, {
      'content-type': 'application/json; odata.metadata=minimal',
      location: `${link}(1)`,
      'odata-entityid': `${link}(1)`,
      'content-length': Buffer.byteLength(body),
      ...headers,
    });
    response.end(body);
  };
}

it.each<[string, (body: string) => Buffer | string, Record<string, string>]>([
  ['in clear', (body) => body, {}],
  ['in gzip', gzipSync, { 'content-encoding': 'gzip' }],
  ['in deflate', deflateSync, { 'content-encoding': 'deflate' }],
  ['in brotli', brotliCompressSync, { 'content-encoding': 'br' }],
])(
  'leads the links of an answer %s through the hub for a caller who asks for it',
  async (_what, encode, headers) => {
    const proxy = await proxyTo(leadsOn(encode, headers), { standIn });
    const answer = await callProxy(proxy.url, '/api/data/v9.2/accounts', {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.status).toBe(201);
    expect(JSON.parse(answer.body.toString('utf8'))).toEqual({
      value: [{ n: 'ü' }],
      '@odata.nextLink': `${standIn}/api/data/v9.2/accounts?page=2`,
    });
    expect(answer.headers).toMatchObject({
      location: `${standIn}/api/data/v9.2/accounts(1)`,
      'odata-entityid': `${standIn}/api/data/v9.2/accounts(1)`,
    });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['content-length']).toBeUndefined();
  },
);

it('leaves the links of an answer alone for everybody else, byte for byte', async () => {
  const proxy = await proxyTo(leadsOn(gzipSync, { 'content-encoding': 'gzip' }));
  const answer = await callProxy(proxy.url, '/x');
  expect(gunzipSync(answer.body).toString('utf8')).not.toContain('hub.example');
  expect(answer.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-length': `${answer.body.length}`,
  });
  expect(answer.headers.location).not.toContain('hub.example');
});

it.each([
  ['a file', { 'content-type': 'text/plain' }],
  ['what it can’t read', { 'content-encoding': 'odd' }],
])('passes %s on as it is, whatever the caller asks for', async (_what, headers) => {
  const proxy = await proxyTo(
    leadsOn((body) => body, headers),
    { standIn },
  );
  const answer = await callProxy(proxy.url, '/x');
  expect(answer.body.toString('utf8')).not.toContain('hub.example');
  expect(answer.headers['content-length']).toBe(`${answer.body.length}`);
});

it.each(['HEAD', 'GET'])('leads the links of an answer to %s without a body', async (method) => {
  const proxy = await proxyTo(
    (request, response) =>
      response
        .writeHead(204, {
          'content-type': 'application/json',
          'odata-entityid': `http://${request.headers.host}/api/data/v9.2/accounts(1)`,
        })
        .end(),
    { standIn },
  );
  const answer = await callProxy(proxy.url, '/x', { method });
  expect(answer).toMatchObject({
    status: 204,
    headers: { 'odata-entityid': `${standIn}/api/data/v9.2/accounts(1)` },
  });
});

it.each([
  ['application/json', true],
  ['application/vnd.contoso+json; charset=utf-8', true],
  ['text/plain', false],
])('takes %s for JSON: %s', async (type, isJson) => {
  const proxy = await proxyTo(
    (request, response) =>
      response
        .writeHead(200, { 'content-type': type })
        .end(JSON.stringify({ '@odata.nextLink': `http://${request.headers.host}/api/data/v9.2/x` })),
    { standIn },
  );
  const answer = await callProxy(proxy.url, '/x');
  expect(answer.body.toString('utf8').includes(standIn)).toBe(isJson);
});

it('answers HEAD although what it does not send would be compressed', async () => {
  const proxy = await proxyTo(
    (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(),
    { standIn },
  );
  expect((await callProxy(proxy.url, '/x', { method: 'HEAD' })).status).toBe(200);
});

it('asks for an answer that is not compressed where it has to read it', async () => {
  const proxy = await proxyTo(
    (request, response) => response.end(String(request.headers['accept-encoding'])),
    {
      standIn,
    },
  );
  const { body } = await callProxy(proxy.url, '/x', { headers: { 'accept-encoding': 'gzip, br' } });
  expect(body.toString('utf8')).toBe('identity');
});

it.each([
  ['a small body', {}],
  ['a body that streams', { 'transfer-encoding': 'chunked' }],
])('leads addresses of the hub in %s to the environment', async (_what, headers) => {
  let origin = '';
  const proxy = await proxyTo(
    async (request, response) => {
      origin = `http://${request.headers.host}`;
      response.end(`${request.url} ${await text(request)}`);
    },
    { standIn },
  );
  const contact = `${standIn}/api/data/v9.2/contacts(1)`;
  const { body } = await callProxy(proxy.url, `/api/data/v9.2/$ref?$id=${encodeURIComponent(contact)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ '@odata.id': contact, note: contact }),
  });
  const there = `${origin}/api/data/v9.2/contacts(1)`;
  expect(body.toString('utf8')).toBe(
    `/api/data/v9.2/$ref?$id=${encodeURIComponent(there)} ${JSON.stringify({ '@odata.id': there, note: contact })}`,
  );
});

it('cuts the caller off when an answer breaks off whose links it leads', async () => {
  const upstream = await startRawUpstream((socket) =>
    socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{"value":['),
    ),
  );
  running.push(upstream);
  const proxy = await proxyOf({ origin: upstream.origin, standIn });
  const answer = await openCall(proxy.url, '/x');
  await expect(text(answer)).rejects.toThrow('aborted');
});
