import type { Logger } from 'pino';
import type { HubConfig } from './config/config.ts';
import type { BackgroundWork } from './ground/background-work.ts';
import type { Clock, Sleep } from './ground/clock.ts';
import type { Random } from './ground/random.ts';
import type { OutboundHttp } from './outbound/outbound-http.ts';
import type { Store } from './store/store.ts';
import type { Vault } from './vault/create-vault.ts';

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
  log: Logger;
}
