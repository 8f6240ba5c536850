import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { createApiKey } from '../access/create-api-key.ts';
import type { CloudConfig, HubConfig } from '../config/config.ts';
import type { Clock, Sleep, StartTimer } from '../ground/clock.ts';
import { createLog } from '../ground/create-log.ts';
import { millisecondsPerDay, millisecondsPerHour } from '../ground/durations.ts';
import type { Random } from '../ground/random.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { Provider } from '../providers/provider.ts';
import { buildApp } from '../server/build-app.ts';
import { type ContextParts, closeContext, createContext } from '../server/create-context.ts';
import { clockNow, type DatabaseNow } from '../store/database-now.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { createTestClock, type TestClock } from './test-clock.ts';
import { createTestDatabase, type TestEngine } from './test-database.ts';

interface TestHubOptions {
  /** Default `sqlite`. */
  engine?: TestEngine;
  /** Where the test's own servers play Microsoft; by default nothing listens there. */
  cloud?: Pick<CloudConfig, 'authority' | 'graph' | 'localEnvironments'>;
  clock?: Clock;
  random?: Random;
  /** Default: waits for nothing but lets others run. */
  sleep?: Sleep;
  /** Default: the hub's clock, so that moving it moves leases, too. */
  databaseNow?: DatabaseNow;
  /** Default: Dynamics 365. */
  provider?: Provider;
  /** What ends outbound calls whose time is over, and renews leases; default: real time. */
  startTimer?: StartTimer;
  /** Default: nobody counts. */
  metrics?: NonNullable<ContextParts['metrics']>;
  config?: Partial<HubConfig>;
  /** Another hub on the same database and with the same keys; close it first. */
  beside?: TestHub;
}

export interface TestHub {
  context: TokenContext;
  app: HubApp;
  /** Moves time for this hub, unless it was given another clock. */
  clock: TestClock;
  /** A whole API key. */
  apiKey: string;
  /** Every line that the hub logged, as text, at every level. */
  logLines: string[];
  /** Sends a request with the API key, unless the request brings its own authorization or a cookie. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

const nowhere = {
  authority: 'http://localhost:9',
  graph: 'http://localhost:9',
  localEnvironments: ['http://localhost:9'],
};

/** Nothing is done by itself here; what the keeper does, tests call. */
const testKeeper: HubConfig['keeper'] = {
  isOn: false,
  proofs: {
    inUseMilliseconds: 6 * millisecondsPerHour,
    idleMilliseconds: millisecondsPerDay,
    perEnvironmentMinute: 60,
  },
};

const immediateSleep: Sleep = (_milliseconds, signal) =>
  new Promise((resolve, reject) => {
    setImmediate(() => (signal?.aborted ? reject(signal.reason) : resolve()));
  });

/** A whole hub on a fresh database, that answers to `inject`. Real but for its clock, its waiting and its peers. */
export async function createTestHub(options: TestHubOptions = {}): Promise<TestHub> {
  const { engine = 'sqlite', cloud = nowhere, sleep = immediateSleep, beside } = options;
  const testClock = createTestClock();
  const clock = options.clock ?? testClock;
  const dataFolder = beside?.context.config.dataFolder ?? mkdtempSync(path.join(tmpdir(), 'latchkey-hub-'));
  const databaseUrl = beside
    ? beside.context.config.databaseUrl
    : engine === 'postgres'
      ? await createTestDatabase()
      : null;
  const config: HubConfig = {
    host: 'localhost',
    port: 0,
    publicUrl: 'http://localhost:4480',
    dataFolder,
    databaseUrl,
    keys: null,
    wrappingKey: null,
    cloud: { name: 'local', title: 'Test cloud', ...cloud },
    webFolder: null,
    allowedPrivateOrigins: [],
    proxies: { https: null, http: null, direct: [], unknownDirect: [] },
    authorities: { extra: [], system: false },
    workloadIdentity: null,
    keeper: testKeeper,
    bodyLimitBytes: 1024 * 1024,
    logLevel: 'debug',
    metrics: null,
    eventsKeptDays: 90,
    ...options.config,
  };
  const logLines: string[] = [];
  const log = createLog(config, collectLines(logLines));
  const databaseNow = options.databaseNow ?? (() => clockNow(clock));
  const context = await createContext({ ...options, config, log, clock, sleep, databaseNow });
  const app = await buildApp(context);
  const { key } = await createApiKey(context, { name: 'test' });

  return {
    context,
    app,
    clock: testClock,
    apiKey: key,
    logLines,
    inject(request) {
      const isIdentified =
        request.headers?.authorization !== undefined || request.headers?.cookie !== undefined;
      const authorization = isIdentified ? {} : { authorization: `Bearer ${key}` };
      return app.inject({ ...request, headers: { ...authorization, ...request.headers } });
    },
    async close() {
      await app.close();
      await closeContext(context);
      if (!beside) rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

function collectLines(lines: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
}
