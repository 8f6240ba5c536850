import type { Logger } from 'pino';
import type { HubConfig } from './config.ts';
import type { OutboundHttp } from './outbound/outbound-http.ts';
import type { Store } from './store/open-store.ts';
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

/** What every domain of the hub is given as its first argument. */
export interface HubContext {
  config: HubConfig;
  store: Store;
  vault: Vault;
  clock: Clock;
  random: Random;
  outbound: OutboundHttp;
  log: Logger;
}
