import type { Logger } from 'pino';
import type { HubConfig } from './config/config.ts';
import type { AuthorityClocks } from './ground/authority-clocks.ts';
import type { BackgroundWork } from './ground/background-work.ts';
import type { Clock, Sleep, StartTimer } from './ground/clock.ts';
import type { Random } from './ground/random.ts';
import type { OutboundHttp } from './outbound/outbound-http.ts';
import type { DatabaseNow } from './store/database-now.ts';
import type { Store } from './store/store.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { Vault } from './vault/create-vault.ts';
import type { WorkloadIdentity } from './workload-identity/workload-identity.ts';

/** What every domain of the hub is given as its first argument. */
export interface HubContext {
  config: HubConfig;
  store: Store;
  vault: Vault;
  clock: Clock;
  random: Random;
  sleep: Sleep;
  startTimer: StartTimer;
  /** By which leases are given. */
  databaseNow: DatabaseNow;
  background: BackgroundWork;
  outbound: OutboundHttp;
  /** Who the hub is on the platform that it runs on; null where it has no identity there. */
  workloadIdentity: WorkloadIdentity | null;
  /** How far the clocks of those who hand out tokens differ from this one. */
  authorityClocks: AuthorityClocks;
  /** Who is told what the hub does: nobody, unless somebody asks for it. */
  telemetry: Telemetry;
  log: Logger;
}
