import type { EnvironmentAddress, EventPageRequest, Keeper, Settings } from '@latchkey/api';
import { apiKeyCalls, sessionCalls } from './access-calls.ts';
import { applicationUserCalls } from './application-user-calls.ts';
import { connectionCalls } from './connection-calls.ts';
import { type CallOptions, createHubTransport, type HubClientOptions } from './hub-transport.ts';
import { readTimeline } from './read-timeline.ts';
import { registrationCalls } from './registration-calls.ts';

export type HubClient = ReturnType<typeof createHubClient>;

/** A typed function for every call of the hub's HTTP API, `/api/v1`. Holds no state but its options. */
export function createHubClient(options: HubClientOptions) {
  const transport = createHubTransport(options);
  return {
    connections: connectionCalls(transport),
    applicationUsers: applicationUserCalls(transport),
    registrations: registrationCalls(transport),
    apiKeys: apiKeyCalls(transport),
    session: sessionCalls(transport),
    /** What happened to the hub itself, the newest first. */
    events: {
      list: (page: EventPageRequest = {}, call: CallOptions = {}) =>
        readTimeline(transport, '/api/v1/events', page, call),
    },
    keeper: {
      /** What keeps connections working without anybody asking: what is due, what was done and what will be. */
      get: (call: CallOptions = {}) =>
        transport.json<Keeper>({ method: 'GET', path: '/api/v1/keeper', ...call }),
    },
    settings: {
      get: (call: CallOptions = {}) =>
        transport.json<Settings>({ method: 'GET', path: '/api/v1/settings', ...call }),
    },
    environmentAddress: {
      /** What the hub understands a pasted environment address as; HubProblemError when it is none. */
      parse: (address: string, call: CallOptions = {}) =>
        transport.json<EnvironmentAddress>({
          method: 'POST',
          path: '/api/v1/environment-address',
          body: { address },
          ...call,
        }),
    },
  };
}
