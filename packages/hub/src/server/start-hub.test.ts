import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Sleep } from '../ground/clock.ts';
import { createLog } from '../ground/create-log.ts';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { createTestTimers } from '../testing/test-timers.ts';
import { type StartHubOptions, startHub } from './start-hub.ts';

const log = pino({ level: 'silent' });

function configure(overrides: Partial<HubConfig> = {}): HubConfig {
  return loadConfig({}, { port: 0, dataFolder: makeTemporaryFolder(), ...overrides });
}

async function start(options: Partial<StartHubOptions> = {}) {
  const hub = await startHub({ config: configure(), log, ...options });
  onTestFinished(() => hub.close());
  return hub;
}

/** The time after which requests are cut off never comes. */
const untilAborted: Sleep = (_milliseconds, signal) =>
  new Promise((_resolve, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

/** How long a close waits for requests under way. */
const closeWithin = 5000;

describe('a hub that starts', () => {
  it('takes a free port, and knows its address by it', async () => {
    const hub = await start();
    const answer = await fetch(`${hub.url}/healthz`);
    expect(hub.url).toMatch(/^http:\/\/localhost:[1-9]\d+$/);
    expect(answer.status).toBe(200);
    expect(await hub.entryLink()).toContain(`${hub.url}/enter#code=`);
  });

  it('accepts the keys that were made on its database until they are revoked', async () => {
    const hub = await start();
    const other = await start();
    const { key } = await hub.createApiKey('mine');
    expect(await hub.acceptsApiKey(key)).toBe(true);
    expect(await other.acceptsApiKey(key)).toBe(false);
    await hub.context.store.db.updateTable('api_keys').set({ revoked_at: 1 }).execute();
    expect(await hub.acceptsApiKey(key)).toBe(false);
  });

  it('keeps the public address that it was given', async () => {
    const hub = await start({ config: configure({ publicUrl: 'https://latchkey.example.com' }) });
    expect(hub.url).toBe('https://latchkey.example.com');
  });

  it('makes API keys that open its API', async () => {
    const hub = await start();
    const { key } = await hub.createApiKey('first');
    const answer = await fetch(`${hub.url}/api/v1/settings`, { headers: { authorization: `Bearer ${key}` } });
    expect(await answer.json()).toMatchObject({
      publicUrl: hub.url,
      redirectUri: `${hub.url}/oauth/callback`,
    });
  });

  it('says at its start how calls go out, without the proxy’s password', async () => {
    const lines: string[] = [];
    const environment = {
      HTTPS_PROXY: 'http://anna:s3cret@proxy.example:8080',
      NO_PROXY: '.corp.example,a/b',
    };
    const config = configure({ logLevel: 'info', proxies: loadConfig(environment).proxies });
    await start({ config, log: createLog(config, { write: (line) => lines.push(line) }) });
    expect(lines.join('')).toContain('"https":"http://proxy.example:8080","http":null,"exceptions":1');
    expect(lines.join('')).toContain('"entries":["a/b"]');
    expect(lines.join('')).not.toMatch(/s3cret|anna|Basic/);
  });

  it('finds everything as it was when it starts again', async () => {
    const config = configure();
    const first = await startHub({ config, log });
    const { key } = await first.createApiKey('first');
    const sealed = first.context.vault.seal('secret', 'a');
    await first.close();
    const second = await start({ config });
    const answer = await fetch(`${second.url}/api/v1/settings`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    expect(second.context.vault.open(sealed, 'a')).toBe('secret');
  });
});

describe('a hub that can’t start', () => {
  it('says which port is taken, and leaves nothing open', async () => {
    const server = createServer().listen(0, 'localhost');
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    const port = address !== null && typeof address !== 'string' ? address.port : 0;
    const config = configure({ port });
    await expect(startHub({ config, log })).rejects.toMatchObject({
      name: 'HubStartError',
      code: 'port_taken',
      message: `localhost:${port} is taken by another program.`,
      remedy: expect.stringContaining('PORT'),
    });
    await expect(start({ config: { ...config, port: 0 } })).resolves.toBeDefined();
  });

  it('says that its host is no address of this machine', async () => {
    await expect(startHub({ config: configure({ host: '192.0.2.1' }), log })).rejects.toMatchObject({
      code: 'port_unavailable',
    });
  });

  it('says what is wrong with its database', async () => {
    const config = configure();
    writeFileSync(path.join(config.dataFolder, 'hub.sqlite'), 'x'.repeat(10_000));
    await expect(startHub({ config, log })).rejects.toMatchObject({ code: 'database_damaged' });
  });

  it('says what is wrong with its keys', async () => {
    const config = configure({ keys: 'a:short' });
    await expect(startHub({ config, log })).rejects.toMatchObject({ code: 'keys_malformed' });
  });
});

describe('a hub that closes', () => {
  it('lets a request under way end, and is not held up by its connection', async () => {
    const hub = await startHub({ config: configure(), log, sleep: untilAborted });
    const { key } = await hub.createApiKey('slow');
    const upload = httpRequest(`${hub.url}/api/v1/api-keys`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      },
    });
    const answered = once(upload, 'response');
    await new Promise((resolve) => upload.write('{"name":', resolve));
    await fetch(`${hub.url}/healthz`);
    const closed = hub.close();
    upload.end('"late"}');
    const [response] = await answered;
    expect(response.statusCode).toBe(201);
    response.resume();
    await closed;
    await expect(fetch(`${hub.url}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('cuts off what does not end', async () => {
    // What the hub waits for besides lasts until it closes.
    const sleep: Sleep = (milliseconds, signal) =>
      milliseconds === closeWithin ? Promise.resolve() : untilAborted(milliseconds, signal);
    const hub = await startHub({ config: configure(), log, sleep });
    const upload = httpRequest(`${hub.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '100' },
    });
    const cut = once(upload, 'error');
    await new Promise((resolve) => upload.write('{', resolve));
    await fetch(`${hub.url}/healthz`);
    await hub.close();
    const [error] = await cut;
    expect(error).toMatchObject({ code: 'ECONNRESET' });
    upload.destroy();
  });
});

describe('a hub whose database does not answer when it is to end', () => {
  async function startStuck() {
    const lines: string[] = [];
    const timers = createTestTimers();
    const hub = await startHub({
      config: configure({ logLevel: 'error' }),
      log: createLog({ logLevel: 'error' }, { write: (line) => lines.push(line) }),
      startTimer: timers.startTimer,
    });
    const refresh = Promise.withResolvers<never>();
    refresh.promise.catch(() => undefined);
    hub.context.tokenMemory.refreshesUnderWay.set('connection-1', refresh.promise);
    return { hub, lines, timers, refresh };
  }

  it('waits ten seconds for what has come from Microsoft to be stored, then ends and says what was left', async () => {
    const { hub, lines, timers } = await startStuck();
    const begun = timers.nextWait(10_000);
    const closed = hub.close();
    await begun;
    const outcome = closed.then(
      () => 'closed',
      (error: unknown) => error,
    );
    timers.pass(9999);
    expect(await Promise.race([outcome, new Promise((resolve) => setTimeout(resolve, 50, 'waiting'))])).toBe(
      'waiting',
    );
    timers.pass(1);
    expect(await outcome).toMatchObject({
      name: 'HubStopError',
      code: 'stopped_unfinished',
      message: expect.stringContaining('1 refreshes were under way'),
      remedy: expect.stringContaining('sign-in'),
    });
    expect(lines.join('')).toContain(
      '"refreshes":1,"msg":"ended before everything was stored: the database does not answer"',
    );
    await expect(hub.context.store.db.selectFrom('sessions').selectAll().execute()).rejects.toThrow(
      /clos|open|destroyed/i,
    );
  });

  it('ends in order as soon as that is stored', async () => {
    const { hub, lines, refresh } = await startStuck();
    const closed = hub.close();
    refresh.reject(new Error('told to who waits for it'));
    await closed;
    expect(lines).toEqual([]);
  });
});
