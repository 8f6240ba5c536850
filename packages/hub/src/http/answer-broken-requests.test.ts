import { once } from 'node:events';
import { createServer } from 'node:http';
import { createConnection, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createTestHub, type TestHub } from '../testing/create-test-hub.ts';
import { answerBrokenRequests } from './answer-broken-requests.ts';
import { createRequestIds } from './request-ids.ts';

let hub: TestHub;

beforeEach(async () => {
  hub = await createTestHub();
  await hub.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(() => hub.close());

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

function send(bytes: string, port = portOf(hub.app.server)): Socket {
  const socket = createConnection(port, '127.0.0.1');
  socket.write(bytes);
  return socket;
}

function read(answer: string): { head: string; problem: { instance: string } } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { head, problem: JSON.parse(body) };
}

/** Longer than the longest head. */
const endlessHeader = `x: ${'secret'.repeat(11_000)}`;

it.each([
  ['a method that does not exist', 'SECRET /healthz HTTP/1.1\r\nhost: hub\r\n\r\n', 400],
  ['no HTTP at all', 'secret\r\n\r\n', 400],
  ['a header that is none', 'GET /healthz HTTP/1.1\r\nhost: hub\r\nsecret\r\n\r\n', 400],
  ['headers without end', `GET /healthz HTTP/1.1\r\nhost: hub\r\n${endlessHeader}\r\n\r\n`, 431],
])('answers %s with a problem, does not repeat it and ends the connection', async (_what, bytes, status) => {
  const { head, problem } = read(await text(send(bytes)));
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} \\w`));
  expect(head).toContain('\r\ncontent-type: application/problem+json; charset=utf-8\r\n');
  expect(head).toContain('\r\nx-content-type-options: nosniff\r\n');
  expect(head).toContain(`\r\nx-request-id: ${problem.instance}\r\n`);
  expect(problem).toMatchObject({
    type: 'urn:latchkey:problem:request_malformed',
    code: 'request_malformed',
    status,
    whoActs: 'developer',
  });
  const line = hub.logLines.at(-1) ?? '';
  expect(JSON.parse(line)).toMatchObject({ requestId: problem.instance, status, msg: 'request broken' });
  expect(JSON.stringify(problem) + line).not.toMatch(/secret/i);
});

it.each([
  "/api/v1/connections/1/proxy/api/data/v9.2/accounts?$filter=name%20eq%20'Mül'",
  '/api/v1/connections/1/proxy/é',
  "/api/v1/connections/1/proxy/api/data/v9.2/accounts?$filter=name eq 'Mill'",
])('says of raw UTF-8 or a blank in %s that it has to be percent-encoded', async (target) => {
  const { head, problem } = read(await text(send(`GET ${target} HTTP/1.1\r\nhost: hub\r\n\r\n`)));
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(problem).toMatchObject({
    code: 'request_malformed',
    detail: expect.stringContaining('percent-encode'),
  });
});

it('answers a request that does not arrive in time with a problem', async () => {
  const { server } = hub.app;
  server.once('connection', (socket: Socket) => {
    const late = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    socket.once('data', () => server.emit('clientError', late, socket));
  });
  const { head, problem } = read(await text(send('POST /api/v1/session HTTP/1.1\r\nhost: hub\r\n')));
  expect(head).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(problem).toMatchObject({ code: 'request_malformed', status: 408 });
});

it('writes nothing into an answer that has begun', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
  });
  server.on('clientError', answerBrokenRequests(hub.context, createRequestIds(hub.context.random)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const socket = send('POST / HTTP/1.1\r\nhost: hub\r\ntransfer-encoding: chunked\r\n\r\n', portOf(server));
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk) => {
    answer += String(chunk);
    socket.write('no chunk\r\n');
  });
  await once(socket, 'close');
  expect(answer).toMatch(/\r\n\r\nhalf$/);
});
