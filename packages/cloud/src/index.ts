/** The local Microsoft cloud: Entra ID, Microsoft Graph and Dynamics 365, for development and tests. */

export { type Clock, createMovableClock, type MovableClock } from './clock.ts';
export type { LocalPerson } from './directory/local-people.ts';
export { seededPersonalAccount } from './directory/personal-accounts.ts';
export { seededPassword, seededUsers } from './directory/seed-contoso.ts';
export type { TokenWish } from './entra/token/issue-access-token.ts';
export type { Fault, FaultEffect, FaultRule } from './faults/fault-rule.ts';
export { FaultRuleError } from './faults/read-fault-rule.ts';
export { CloudStartError, type CloudStartErrorCode } from './listeners/cloud-start-error.ts';
export type { EnvironmentPorts, LocalEnvironment } from './listeners/open-environments.ts';
export type { CloudState } from './seed/cloud-state.ts';
export { SeedError } from './seed/seed-error.ts';
export type { Seed } from './seed/seed-schema.ts';
export type { Snapshot } from './seed/snapshot.ts';
export type { ServiceOrigins } from './service-origins.ts';
export type { SignInRecord } from './sign-in-log/sign-in-record.ts';
export {
  type LocalCloud,
  type LocalCloudOptions,
  type LocalCloudPorts,
  startLocalCloud,
} from './start-local-cloud.ts';
