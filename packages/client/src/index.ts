export type { ProxiedRequest } from './connection-calls.ts';
export { createHubClient, type HubClient } from './create-hub-client.ts';
export { HubProblemError, HubUnreachableError, readProblem } from './hub-problem-error.ts';
export type { CallOptions, HubClientOptions } from './hub-transport.ts';
export type * from './types.ts';
