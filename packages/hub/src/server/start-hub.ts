import { type Logger, pino } from 'pino';
import { acceptsApiKey } from '../access/accepts-api-key.ts';
import { createApiKey } from '../access/create-api-key.ts';
import { createEntryLink } from '../access/create-entry-link.ts';
import { resumeApplicationUsers } from '../application-users/run-application-user.ts';
import type { HubConfig, MetricsConfig } from '../config/config.ts';
import { createLog } from '../ground/create-log.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { Keeper } from '../keeper/create-keeper.ts';
import { resumeRegistrations } from '../registrations/resume-registrations.ts';
import type { CountedMetrics } from '../telemetry/create-metrics.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { buildApp } from './build-app.ts';
import { type ContextParts, closeContext, createContext } from './create-context.ts';
import { HubStartError } from './hub-start-error.ts';
import { HubStopError } from './hub-stop-error.ts';
import { withConnectionProof } from './prove-connection.ts';
import { startKeeper } from './start-keeper.ts';

/** How long an orderly close waits for requests under way before it cuts them off. */
const closeWithinMilliseconds = 5 * millisecondsPerSecond;
/** How long it takes at the most: what the database does not take by then is lost. Who supervises workers waits for longer. */
const endWithinMilliseconds = 10 * millisecondsPerSecond;
/** What waited for the database has an error once that is closed, and ends. */
const afterEndMilliseconds = 500;

const standardError = 2;

export interface RunningHub {
  context: TokenContext;
  /** Does what falls due; where it is switched off, only what it is told to. */
  keeper: Keeper;
  /** The public address, without a trailing slash. */
  url: string;
  /** Makes a link by which one person enters the UI once, within 24 hours. */
  entryLink(): Promise<string>;
  /** Makes an API key; the whole key is known only here. */
  createApiKey(name: string): Promise<{ key: string }>;
  /** Whether this hub's database knows the key, and it is not revoked. */
  acceptsApiKey(key: string): Promise<boolean>;
  /** What it counts, for whoever adds up several; null where nobody asked for metrics. */
  metrics: Pick<CountedMetrics, 'report'> | null;
  /**
   * Takes no new requests, lets those under way end for up to five seconds, then closes everything.
   *
   * @throws HubStopError where the database took no more for ten seconds; everything is closed then, too
   */
  close(): Promise<void>;
}

/** As `createContext`; the log goes to standard error when none is given. */
export interface StartHubOptions extends Omit<ContextParts, 'log'>, Partial<Pick<ContextParts, 'log'>> {
  /** Which of several processes on one port this is; each line of the log says it. */
  worker?: number;
}

/**
 * Starts a hub: opens the database and the vault, and listens.
 *
 * @throws StoreError, VaultError, HubStartError: each a clear sentence with the way out; nothing stays open then
 */
export async function startHub(options: StartHubOptions): Promise<RunningHub> {
  const { worker } = options;
  const written =
    options.log ?? createLog(options.config, pino.destination({ dest: standardError, sync: false }));
  const log = worker === undefined ? written : written.child({ worker });
  const config = { ...options.config };
  tellWaysOut(config, log);
  const metrics = config.metrics && (await openMetrics());
  const context = await createContext({
    ...options,
    config,
    log,
    ...(metrics && { metrics: (shared) => metrics.create(shared) }),
  });
  let app: HubApp | undefined;
  try {
    app = await buildApp(context);
    // Those of workers are added up, and served by their first process.
    if (config.metrics && metrics && worker === undefined) await metrics.serve(app, config.metrics);
    await listen(app, context);
    await resumeRegistrations(context);
    await resumeApplicationUsers(withConnectionProof(context));
    const keeper = await startKeeper(context);
    return { ...describe(app, context, keeper), metrics: metrics?.counted() ?? null };
  } catch (error) {
    await app?.close();
    await closeContext(context);
    throw error;
  }
}

/** Loaded only where somebody asks for them. */
async function openMetrics() {
  const { createMetrics } = await import('../telemetry/create-metrics.ts');
  const { serveMetrics } = await import('./serve-metrics.ts');
  let counted: CountedMetrics | undefined;
  return {
    create(context: Parameters<typeof createMetrics>[0]) {
      counted = createMetrics(context);
      return counted;
    },
    /** Ends with the app. */
    async serve(app: HubApp, config: MetricsConfig): Promise<void> {
      if (!counted) return;
      const server = await serveMetrics(config, counted);
      app.addHook('onClose', () => server.close());
    },
    counted: () => counted ?? null,
  };
}

/** For whoever wonders why a call goes where it goes; a proxy's address is here without user and password. */
function tellWaysOut({ proxies, authorities }: HubConfig, log: Logger): void {
  const { https, http, direct, unknownDirect } = proxies;
  if (unknownDirect.length > 0)
    log.warn({ entries: unknownDirect }, 'NO_PROXY has entries that mean nothing here');
  if (https === null && http === null) return;
  const proxied = { https: https?.origin ?? null, http: http?.origin ?? null };
  log.info(
    { ...proxied, exceptions: direct.length, authorities: authorities.extra.length },
    'calls go through a proxy',
  );
}

/** With port 0 the address is known only now; no request has been answered yet. */
async function listen(app: HubApp, context: TokenContext): Promise<void> {
  const { host, port, publicUrl } = context.config;
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw toStartError(error, `${host}:${port}`);
  }
  const address = app.server.address();
  if (port === 0 && new URL(publicUrl).port === '0' && address !== null && typeof address !== 'string') {
    Object.assign(context.config, {
      port: address.port,
      publicUrl: `http://localhost:${address.port}`,
    });
  }
}

function toStartError(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    const remedy =
      'End the program that listens there, perhaps another Latchkey, or choose another port (PORT or --port).';
    return new HubStartError('port_taken', `${place} is taken by another program.`, { remedy, cause: error });
  }
  if (!('syscall' in error)) return error;
  const remedy =
    'Choose a port above 1023 (PORT or --port), and a host that is an address of this machine (HOST or --host).';
  return new HubStartError('port_unavailable', `The hub can’t listen on ${place} (${String(error.code)}).`, {
    remedy,
    cause: error,
  });
}

function describe(app: HubApp, context: TokenContext, keeper: Keeper): Omit<RunningHub, 'metrics'> {
  return {
    context,
    keeper,
    url: context.config.publicUrl,
    entryLink: () => createEntryLink(context),
    createApiKey: async (name) => ({ key: (await createApiKey(context, { name })).key }),
    acceptsApiKey: (key) => acceptsApiKey(context, key),
    close: () => closeInTime(app, context),
  };
}

/** @throws HubStopError */
async function closeInTime(app: HubApp, context: TokenContext): Promise<void> {
  const late = Promise.withResolvers<'late'>();
  using _limit = context.startTimer(endWithinMilliseconds, () => late.resolve('late'));
  const closed = closeInOrder(app, context);
  if ((await Promise.race([closed, late.promise])) !== 'late') return;
  const refreshes = context.tokenMemory.refreshesUnderWay.size;
  context.log.error({ refreshes }, 'ended before everything was stored: the database does not answer');
  await context.store.close();
  // What it still throws is what this says already.
  await Promise.race([closed.catch(() => undefined), context.sleep(afterEndMilliseconds)]);
  throw new HubStopError(
    'stopped_unfinished',
    `the database has not answered for seconds; ${refreshes} refreshes were under way`,
  );
}

async function closeInOrder(app: HubApp, context: TokenContext): Promise<void> {
  const ended = new AbortController();
  const cutOff = context
    .sleep(closeWithinMilliseconds, ended.signal)
    .then(() => app.server.closeAllConnections())
    .catch(() => undefined);
  await app.close();
  ended.abort();
  await cutOff;
  await closeContext(context);
}
