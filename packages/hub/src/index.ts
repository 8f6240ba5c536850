/** The hub: everything that the command line and the tests of the whole product need to run one. */

export {
  type BackupWritten,
  backUpHub,
  checkHubBackup,
  describeRows,
  type Restoration,
  restoreHub,
} from './backup/back-up-hub.ts';
export { type CloudConfig, type HubConfig, hubVersion, nationalCloudConfig } from './config/config.ts';
export { ConfigError } from './config/config-error.ts';
export { loadConfig } from './config/load-config.ts';
export { examineHub } from './doctor/examine-hub.ts';
export type { Finding } from './doctor/finding.ts';
export { type Clock, type Sleep, startSystemTimer, systemClock } from './ground/clock.ts';
export { createLog } from './ground/create-log.ts';
export type { Random } from './ground/random.ts';
export type { HubContext } from './hub-context.ts';
export type { KeyContext } from './key-rotation/key-context.ts';
export { type KeyList, type ListedKey, listKeys } from './key-rotation/list-keys.ts';
export { type Retirement, retireKey } from './key-rotation/retire-key.ts';
export { addKey, finishResealing, rotateKeys } from './key-rotation/rotate-keys.ts';
export { HubStartError, type HubStartErrorCode } from './server/hub-start-error.ts';
export { openKeys } from './server/open-keys.ts';
export { serveWorkerMetrics } from './server/serve-worker-metrics.ts';
export { type RunningHub, type StartHubOptions, startHub } from './server/start-hub.ts';
export { StoreError, type StoreErrorCode } from './store/store-error.ts';
export type { MetricsReport } from './telemetry/create-metrics.ts';
export { type RewrapOptions, type Rewrapping, rewrapKeys } from './vault/rewrap-keys.ts';
export { VaultError, type VaultErrorCode } from './vault/vault-error.ts';
export { formatVaultKey } from './vault/vault-key.ts';
