import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { type HubProcess, startHubProcess } from './support/start-hub-process.ts';

/** What Dataverse takes of a user at once. */
const placesOfUser = 52;
const megabyte = 1024 * 1024;
const hundredMegabytes = 100 * megabyte;
/** Far more than all buffers on the way hold, sockets' included. */
const buffersOnTheWay = 32 * megabyte;

/** As near to that as two processes come at every moment. */
const nearlyAll = 50;
const callersOfEach = 60;
/** How long the environment takes for a call. */
const answerMilliseconds = 20;

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** An environment that answers as the test says. */
interface Environment {
  origin: string;
  answer: Answer;
}

let folder: string;
let environment: Environment;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-strain-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  environment = await serveEnvironment();
});

const running: HubProcess[] = [];
afterEach(async () => {
  for (const hub of running.splice(0)) await hub.stop();
});

async function serveEnvironment(): Promise<Environment> {
  const served: Environment = { origin: '', answer: (_request, response) => response.end('{}') };
  const server = createServer((request, response) => {
    served.answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  served.origin = `http://127.0.0.1:${port}`;
  return served;
}

async function startHub(name: string, variables: Record<string, string> = {}): Promise<HubProcess> {
  const { origin } = environment;
  const cloud = {
    name: 'local' as const,
    title: 'Test',
    authority: origin,
    graph: origin,
    localEnvironments: [origin],
  };
  const hub = await startHubProcess({ dataFolder: path.join(folder, name), port: 0, cloud }, variables);
  running.push(hub);
  return hub;
}

const tenantId = '11111111-2222-4333-8444-555555555555';
const clientId = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';

/** A connection with a token of alice's. @returns its id */
async function connect({ client }: HubProcess): Promise<string> {
  const claims = {
    aud: environment.origin,
    tid: tenantId,
    oid: 'alice',
    scp: 'user_impersonation',
    ver: '1.0',
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { id } = await client.connections.create({
    method: 'manual',
    environmentUrl: environment.origin,
    tenantId,
    clientId,
    accessToken: `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`,
  });
  return id;
}

interface CallOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: Readable;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

/** Calls through the proxy. @returns the answer once its head has come */
async function open(hub: HubProcess, id: string, { method = 'GET', headers = {}, body }: CallOptions = {}) {
  const call = sendRequest(`${hub.url}/api/v1/connections/${id}/proxy/api/data/v9.2/accounts`, {
    method,
    headers: { authorization: `Bearer ${hub.apiKey}`, ...headers },
    agent,
  });
  call.on('error', () => undefined);
  if (body) body.pipe(call);
  else call.end();
  const [answer]: IncomingMessage[] = await once(call, 'response');
  if (!answer) throw new Error('No answer came.');
  return { call, answer };
}

async function sizeOf(stream: AsyncIterable<Buffer>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  return bytes;
}

/** So many bytes, made as they are taken. @param onChunk told how many have been taken */
function* bytesOf(count: number, onChunk: (made: number) => void = () => undefined): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (let made = 0; made < count; made += chunk.length) {
    onChunk(made);
    yield chunk.subarray(0, count - made);
  }
}

describe('the proxy', () => {
  it('takes 100 MB and gives 100 MB, and holds neither', async () => {
    environment.answer = async (request, response) => {
      const taken = await sizeOf(request);
      response.writeHead(200, { 'x-taken': String(taken) });
      Readable.from(bytesOf(hundredMegabytes)).pipe(response);
    };
    const hub = await startHub('one');
    const id = await connect(hub);
    const before = await residentBytes(hub);
    const { answer } = await open(hub, id, {
      method: 'POST',
      body: Readable.from(bytesOf(hundredMegabytes)),
    });
    expect(Number(answer.headers['x-taken'])).toBe(hundredMegabytes);
    expect(await sizeOf(answer)).toBe(hundredMegabytes);
    expect((await residentBytes(hub)) - before).toBeLessThan(hundredMegabytes);
  });

  it('lets an environment go no faster than the slowest reader, who gets all in the end', async () => {
    let made = 0;
    const stopped = Promise.withResolvers<void>();
    environment.answer = (_request, response) => {
      response.writeHead(200);
      const source = Readable.from(bytesOf(hundredMegabytes, (bytes) => (made = bytes)));
      // No room is left on the way; what there is flows on when the reader reads.
      source.on('data', (chunk: Buffer) => {
        if (response.write(chunk)) return;
        source.pause();
        stopped.resolve();
        response.once('drain', () => source.resume());
      });
      source.on('end', () => response.end());
    };
    const hub = await startHub('one');
    const { answer } = await open(hub, await connect(hub));
    await stopped.promise;
    // Others are served meanwhile, and nothing more is made than fits on the way.
    await hub.client.connections.list();
    expect(made).toBeLessThan(buffersOnTheWay);
    expect(await sizeOf(answer)).toBe(hundredMegabytes);
  });

  it('ends a call at the environment when its caller goes away, whose place is free then', async () => {
    const closed = Array.from({ length: placesOfUser }, () => Promise.withResolvers<void>());
    let arrived = 0;
    environment.answer = (_request, response) => {
      const call = closed[arrived];
      arrived += 1;
      if (!call) {
        response.end('{}');
        return;
      }
      response.on('close', call.resolve).writeHead(200).write('begun');
    };
    const hub = await startHub('one');
    const id = await connect(hub);
    // Alone, once that is known, it has all places.
    arrived = placesOfUser;
    await sizeOf((await open(hub, id)).answer);
    arrived = 0;
    const calls = await Promise.all(Array.from({ length: placesOfUser }, () => open(hub, id)));
    const waiting = open(hub, id);
    for (const { call } of calls) call.destroy();
    await Promise.all(closed.map(({ promise }) => promise));
    expect((await waiting).answer.statusCode).toBe(200);
  });

  it('ends a call at the environment, too, when its caller goes away in the middle of 100 MB', async () => {
    const cutOff = Promise.withResolvers<number>();
    environment.answer = (request, response) => {
      let taken = 0;
      request.on('data', (chunk: Buffer) => (taken += chunk.length));
      request.on('error', () => undefined).on('close', () => cutOff.resolve(taken));
      request.on('end', () => response.end('{}'));
    };
    const hub = await startHub('one');
    const id = await connect(hub);
    const half = Promise.withResolvers<void>();
    const body = Readable.from(
      bytesOf(hundredMegabytes, (made) => {
        if (made >= hundredMegabytes / 2) half.resolve();
      }),
    );
    const call = sendRequest(`${hub.url}/api/v1/connections/${id}/proxy/api/data/v9.2/accounts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${hub.apiKey}` },
      agent,
    });
    call.on('error', () => undefined);
    body.pipe(call);
    await half.promise;
    call.destroy();
    expect(await cutOff.promise).toBeLessThan(hundredMegabytes);
    environment.answer = (_request, response) => response.end('{}');
    expect((await open(hub, id)).answer.statusCode).toBe(200);
  });

  it('passes on that an environment broke off in the middle of 100 MB, and takes it for no whole answer', async () => {
    environment.answer = (_request, response) => {
      response.writeHead(200);
      const source = Readable.from(
        bytesOf(hundredMegabytes, (made) => {
          if (made >= hundredMegabytes / 2) response.destroy();
        }),
      );
      source.on('error', () => undefined).pipe(response);
    };
    const hub = await startHub('one');
    const id = await connect(hub);
    const { answer } = await open(hub, id);
    await expect(sizeOf(answer)).rejects.toMatchObject({ code: 'ECONNRESET' });
    environment.answer = (_request, response) => response.end('{}');
    expect((await open(hub, id)).answer.statusCode).toBe(200);
  });

  it('brings reads through a storm of 429, and leaves changes to their callers (lesson 17)', async () => {
    const perCall = new Map<string, number>();
    environment.answer = (request, response) => {
      const name = String(request.headers['x-call']);
      const tries = (perCall.get(name) ?? 0) + 1;
      perCall.set(name, tries);
      if (tries <= 2) response.writeHead(429, { 'retry-after': '1' }).end();
      else response.end('{}');
    };
    const hub = await startHub('one');
    const id = await connect(hub);
    const reads = Array.from({ length: 200 }, (_, index) =>
      open(hub, id, { headers: { 'x-call': `read ${index}` } }),
    );
    const changes = Array.from({ length: 20 }, (_, index) =>
      open(hub, id, { method: 'POST', headers: { 'x-call': `change ${index}` } }),
    );
    const fateOf = async (call: ReturnType<typeof open>) => {
      const { answer } = await call;
      answer.resume();
      return `${answer.statusCode} ${answer.headers['retry-after'] ?? ''}`;
    };
    expect(new Set(await Promise.all(reads.map(fateOf)))).toEqual(new Set(['200 ']));
    expect(new Set(await Promise.all(changes.map(fateOf)))).toEqual(new Set(['429 1']));
    expect([...perCall.values()].filter((tries) => tries === 3)).toHaveLength(200);
  });
});

describe.each([
  ['SQLite', () => Promise.resolve(null)],
  ['PostgreSQL', () => startPostgres()],
])('calls of one user at once over two processes on %s', (_engine, startDatabase) => {
  it(`never exceed ${placesOfUser} at the environment, and come near it`, async () => {
    const postgres = await startDatabase();
    if (postgres) onTestFinished(() => postgres.stop());
    const keys = `shared:${Buffer.alloc(32, 7).toString('base64')}`;
    const variables = { LATCHKEY_KEYS: keys, ...(postgres && { DATABASE_URL: postgres.url }) };
    // On SQLite both have one folder.
    const one = await startHub('one', variables);
    const two = await startHub(postgres ? 'two' : 'one', variables);
    // Two connections of one user, as two departments would make them.
    const ids = [await connect(one), await connect(one)] as const;

    const seen = { atOnce: 0, most: 0, served: 0, isOver: false };
    environment.answer = (request, response) => {
      seen.atOnce += 1;
      seen.most = Math.max(seen.most, seen.atOnce);
      request.resume();
      setTimeout(() => {
        seen.atOnce -= 1;
        seen.served += 1;
        response.end('{}');
      }, answerMilliseconds);
    };

    /** The most at once while so many further calls are served. */
    async function mostDuring(calls: number): Promise<number> {
      seen.most = 0;
      const end = seen.served + calls;
      while (seen.served < end) await new Promise((resolve) => setImmediate(resolve));
      return seen.most;
    }

    const callers = [one, two].flatMap((hub, process) =>
      Array.from({ length: callersOfEach }, async (_, caller) => {
        while (!seen.isOver) {
          const { answer } = await open(hub, ids[(caller + process) % 2] ?? ids[0]);
          expect(answer.statusCode).toBe(200);
          await sizeOf(answer);
        }
      }),
    );
    // They share from when they know of each other, some seconds after their first calls.
    let reached = 0;
    while (reached < nearlyAll || reached > placesOfUser) reached = await mostDuring(500);
    expect(await mostDuring(2000)).toBeLessThanOrEqual(placesOfUser);
    seen.isOver = true;
    await Promise.all(callers);
  });
});

/** Resident memory of a hub process. */
async function residentBytes(hub: HubProcess): Promise<number> {
  const status = await readFile(`/proc/${hub.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
