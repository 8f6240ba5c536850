import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { HubConfig } from '../config/config.ts';
import { createBackgroundWork } from '../ground/background-work.ts';
import type { Clock, HubContext, Random, Sleep } from '../hub-context.ts';
import { createOutboundHttp } from '../outbound/create-outbound-http.ts';
import { openStore } from '../store/open-store.ts';
import { createTokenMemory } from '../tokens/token-memory.ts';
import { openVault } from '../vault/open-vault.ts';

/** What is handed in from outside; all but the configuration and the log have the real thing as default. */
export interface ContextParts {
  config: HubConfig;
  log: Logger;
  clock?: Clock;
  random?: Random;
  sleep?: Sleep;
  /** PEM certificates of authorities that outbound calls trust besides the system's: the local cloud's. */
  caCertificates?: readonly string[];
  /** Of outbound calls. */
  timeoutMilliseconds?: number;
}

const systemClock: Clock = { now: () => Date.now() };
const systemRandom: Random = { bytes: (count) => randomBytes(count) };
const systemSleep: Sleep = (milliseconds, signal) =>
  setTimeout(milliseconds, undefined, signal ? { signal } : {});

/**
 * Opens everything that the domains stand on: database, vault, the way out.
 *
 * @throws StoreError, VaultError; nothing is left open then
 */
export async function createContext(parts: ContextParts): Promise<HubContext> {
  const { config, log, clock = systemClock, random = systemRandom, sleep = systemSleep } = parts;
  const store = await openStore({ config, clock, random, sleep });
  try {
    const vault = await openVault({ config, store, random });
    const outbound = createOutboundHttp(parts);
    const background = createBackgroundWork(log);
    return {
      config,
      store,
      vault,
      clock,
      random,
      sleep,
      background,
      outbound,
      tokenMemory: createTokenMemory(),
      log,
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Lets what is under way come to its next safe point, then closes everything. */
export async function closeContext({ background, outbound, store }: HubContext): Promise<void> {
  await background.close();
  await outbound.close();
  await store.close();
}
