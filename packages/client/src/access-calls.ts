import type {
  ApiKey,
  CreateApiKey,
  CreatedApiKey,
  Page,
  PageRequest,
  RotateApiKey,
  Session,
} from '@latchkey/api';
import type { CallOptions, HubTransport } from './hub-transport.ts';

const sessionPath = '/api/v1/session';
const apiKeysPath = '/api/v1/api-keys';

/** Calls about who is calling. Each throws HubProblemError or HubUnreachableError. */
export function sessionCalls(transport: HubTransport) {
  return {
    /** Who the hub takes the caller for; never a failure for being nobody. */
    get: (options: CallOptions = {}) =>
      transport.json<Session>({ method: 'GET', path: sessionPath, ...options }),

    /** Trades the code of a one-time link for a browser session (a cookie). */
    enter: (code: string, options: CallOptions = {}) =>
      transport.json<Session>({ method: 'POST', path: sessionPath, body: { code }, ...options }),

    end: (options: CallOptions = {}) => transport.empty({ method: 'DELETE', path: sessionPath, ...options }),
  };
}

/** Calls about API keys. Each throws HubProblemError or HubUnreachableError. */
export function apiKeyCalls(transport: HubTransport) {
  return {
    list: (page: PageRequest = {}, options: CallOptions = {}) =>
      transport.json<Page<ApiKey>>({ method: 'GET', path: apiKeysPath, query: { ...page }, ...options }),

    /** The answer is the only place where the whole key is ever shown. */
    create: (body: CreateApiKey, options: CallOptions = {}) =>
      transport.json<CreatedApiKey>({ method: 'POST', path: apiKeysPath, body, ...options }),

    /** Makes a key in the place of another, which goes on beside it for a while; shown whole here only. */
    rotate: (id: string, body: RotateApiKey = {}, options: CallOptions = {}) =>
      transport.json<CreatedApiKey>({
        method: 'POST',
        path: `${apiKeysPath}/${encodeURIComponent(id)}/rotate`,
        body,
        ...options,
      }),

    revoke: (id: string, options: CallOptions = {}) =>
      transport.empty({ method: 'DELETE', path: `${apiKeysPath}/${encodeURIComponent(id)}`, ...options }),
  };
}
