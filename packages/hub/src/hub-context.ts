import type { Logger } from 'pino';
import type { HubConfig } from './config/config.ts';
import type { BackgroundWork } from './ground/background-work.ts';
import type { OutboundHttp } from './outbound/outbound-http.ts';
import type { Store } from './store/open-store.ts';
import type { TokenMemory } from './tokens/token-memory.ts';
import type { Vault } from './vault/open-vault.ts';

/** Time is handed in; tests move it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** Chance is handed in, too. */
export interface Random {
  bytes(count: number): Buffer;
}

/**
 * Waiting is handed in like the clock: in production `setTimeout` of `node:timers/promises`; tests resolve it at once.
 * Rejects with the signal's reason when the signal is aborted.
 */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

/** What every domain of the hub is given as its first argument. */
export interface HubContext {
  config: HubConfig;
  store: Store;
  vault: Vault;
  clock: Clock;
  random: Random;
  sleep: Sleep;
  background: BackgroundWork;
  outbound: OutboundHttp;
  /** Tokens that were served a moment ago and refreshes under way in this process. */
  tokenMemory: TokenMemory;
  log: Logger;
}
