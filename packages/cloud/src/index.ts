/** The local Microsoft cloud: Entra ID, Microsoft Graph and Dynamics 365, for development and tests. */

export { type Clock, createMovableClock, type MovableClock } from './clock.ts';
export type { ServiceOrigins } from './cloud-context.ts';
export { seededPassword, seededUsers } from './directory/seed-contoso.ts';
export { CloudStartError, type CloudStartErrorCode } from './listeners/cloud-start-error.ts';
export {
  type LocalCloud,
  type LocalCloudOptions,
  type LocalCloudPorts,
  startLocalCloud,
} from './start-local-cloud.ts';
