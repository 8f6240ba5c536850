import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { HubConfig } from '../config/config.ts';
import { hubItself, recordEvent } from '../events/record-event.ts';
import { type ClockSkew, createAuthorityClocks } from '../ground/authority-clocks.ts';
import { createBackgroundWork } from '../ground/background-work.ts';
import {
  type Clock,
  type Sleep,
  type StartTimer,
  startSystemTimer,
  systemClock,
  systemSleep,
} from '../ground/clock.ts';
import { millisecondsPerDay, millisecondsPerSecond } from '../ground/durations.ts';
import { type Random, systemRandom } from '../ground/random.ts';
import type { HubContext } from '../hub-context.ts';
import { createOutboundHttp } from '../outbound/create-outbound-http.ts';
import { dynamics365 } from '../providers/dynamics-365/dynamics-365.ts';
import type { Provider } from '../providers/provider.ts';
import { createDatabaseNow, type DatabaseNow } from '../store/database-now.ts';
import { openStore } from '../store/open-store.ts';
import { openSpans } from '../telemetry/open-spans.ts';
import { type HubMetrics, noMetrics } from '../telemetry/telemetry.ts';
import { createAuthorityBreakers } from '../token-endpoint/authority-breaker.ts';
import { createAuthorityOutages } from '../token-endpoint/authority-outages.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { createTokenMemory } from '../tokens/token-memory.ts';
import { openVault } from '../vault/open-vault.ts';
import { openWorkloadIdentity } from '../workload-identity/open-workload-identity.ts';

/** What is handed in from outside; all but the configuration and the log have the real thing as default. */
export interface ContextParts {
  config: HubConfig;
  log: Logger;
  clock?: Clock;
  random?: Random;
  sleep?: Sleep;
  /** What ends outbound calls whose time is over, and renews leases. */
  startTimer?: StartTimer;
  databaseNow?: DatabaseNow;
  /** What the connections lead to. */
  provider?: Provider;
  /** PEM certificates of authorities that outbound calls trust besides the system's: the local cloud's. */
  caCertificates?: readonly string[];
  /** Of outbound calls. */
  timeoutMilliseconds?: number;
  /** What counts the hub's work; default: nothing. */
  metrics?: (context: Pick<HubContext, 'store' | 'clock' | 'random' | 'log'>) => HubMetrics;
}

/**
 * Opens everything that the domains stand on: database, vault, the way out.
 *
 * @throws StoreError, VaultError; nothing is left open then
 */
export async function createContext(parts: ContextParts): Promise<TokenContext> {
  const {
    config,
    log,
    clock = systemClock,
    random = systemRandom,
    sleep = systemSleep,
    startTimer = startSystemTimer,
    provider = dynamics365,
  } = parts;
  const store = await openStore({ config, clock, random, sleep });
  try {
    const vault = await openVault({
      config,
      store,
      random,
      clock,
      onProblem: ({ code, message }) => log.warn({ code, reason: message }, 'a new key can’t be unwrapped'),
    });
    const outbound = createOutboundHttp(parts);
    const workloadIdentity = openWorkloadIdentity(parts);
    const background = createBackgroundWork(log);
    const shared = { store, clock, random, log };
    const telemetry = { metrics: parts.metrics?.(shared) ?? noMetrics, spans: await openSpans() };
    vault.keyring.watch(startTimer);
    const tellSkew = (authority: string, { skew }: ClockSkew) => {
      const aheadSeconds = Math.round(skew / millisecondsPerSecond);
      log.warn(
        { authority, aheadSeconds },
        'the authority’s clock and the hub’s differ by more than a minute: set the hub’s by NTP',
      );
      background.start('record an event', () => recordSkew(shared, authority, aheadSeconds));
    };
    const databaseNow = parts.databaseNow ?? createDatabaseNow(store.engine, clock);
    const outages = createAuthorityOutages({ store, databaseNow });
    return {
      config,
      store,
      vault,
      clock,
      random,
      sleep,
      startTimer,
      databaseNow,
      background,
      outbound,
      workloadIdentity,
      authorityClocks: createAuthorityClocks(clock, tellSkew),
      provider,
      tokenMemory: createTokenMemory(),
      authorityBreakers: createAuthorityBreakers({ clock, random, outages }),
      uses: new Map(),
      telemetry,
      log,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Of all processes on a machine, and of all that measure it on one day, one tells. */
function recordSkew(
  context: Pick<HubContext, 'store' | 'clock' | 'random'>,
  authority: string,
  aheadSeconds: number,
): Promise<void> {
  const machine = hostname();
  const day = Math.floor(context.clock.now() / millisecondsPerDay);
  const [seconds, way] = [Math.abs(aheadSeconds), aheadSeconds > 0 ? 'behind' : 'ahead of'];
  return recordEvent(context.store.db, context, {
    subject: hubItself,
    kind: 'clock_differs',
    summary: `The clock of ${machine} is ${seconds} s ${way} that of ${authority}: set it by NTP.`,
    facts: { authority, aheadSeconds },
    onceAs: `${machine} ${authority} ${day}`,
  });
}

/** Lets what is under way come to its next safe point, then closes everything. */
export async function closeContext(context: TokenContext): Promise<void> {
  const { background, tokenMemory, outbound, workloadIdentity, vault, store } = context;
  await background.close();
  // What Microsoft hands out now, nobody gets again.
  await Promise.allSettled(tokenMemory.refreshesUnderWay.values());
  await outbound.close();
  await workloadIdentity?.close();
  vault.keyring.close();
  await store.close();
}
