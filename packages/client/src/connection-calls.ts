import type {
  AccessToken,
  AccessTokenRequest,
  Connection,
  ConnectionHealth,
  ConnectionSignInRequest,
  ConnectionTest,
  CreateConnection,
  EventPageRequest,
  Page,
  PageRequest,
  SignInLink,
  TokenFacts,
  UpdateConnection,
} from '@latchkey/api';
import type { CallOptions, HubTransport, PassedThroughCall } from './hub-transport.ts';
import { readTimeline } from './read-timeline.ts';

const connectionsPath = '/api/v1/connections';

/** A call passed on to the CRM through the hub's proxy. */
export interface ProxiedRequest extends PassedThroughCall {
  /** Where `@odata.nextLink` and its like lead in the answer: to the environment (default), or through the hub. */
  links?: 'environment' | 'hub';
  /** What is made again while Dynamics 365 throttles: reads (`safe`, the default), everything, or nothing. */
  retry?: 'safe' | 'always' | 'never';
  /** Added to the path's own query, in this order, percent-encoded (RFC 3986). */
  query?: Record<string, string>;
}

function pathOf(id: string, rest = ''): string {
  return `${connectionsPath}/${encodeURIComponent(id)}${rest}`;
}

/** Calls about connections. Each throws HubProblemError or HubUnreachableError, unless it says otherwise. */
export function connectionCalls(transport: HubTransport) {
  return {
    list: (page: PageRequest = {}, options: CallOptions = {}) =>
      transport.json<Page<Connection>>({
        method: 'GET',
        path: connectionsPath,
        query: { ...page },
        ...options,
      }),

    get: (id: string, options: CallOptions = {}) =>
      transport.json<Connection>({ method: 'GET', path: pathOf(id), ...options }),

    /** Methods `manual` and `client_credentials` are proven at once: the answer's status tells. */
    create: (body: CreateConnection, options: CallOptions = {}) =>
      transport.json<Connection>({ method: 'POST', path: connectionsPath, body, ...options }),

    update: (id: string, body: UpdateConnection, options: CallOptions = {}) =>
      transport.json<Connection>({ method: 'PATCH', path: pathOf(id), body, ...options }),

    /** An application user that the hub made is undone before; with `leave` it stays in the environment. */
    delete: (id: string, { applicationUser, ...options }: { applicationUser?: 'leave' } & CallOptions = {}) =>
      transport.empty({ method: 'DELETE', path: pathOf(id), query: { applicationUser }, ...options }),

    /** What happened to it, the newest first; that of a deleted one stays for a time. */
    events: (id: string, page: EventPageRequest = {}, options: CallOptions = {}) =>
      readTimeline(transport, pathOf(id, '/events'), page, options),

    /** Its state with all evidence, what is due next, and what may not last. */
    health: (id: string, options: CallOptions = {}) =>
      transport.json<ConnectionHealth>({ method: 'GET', path: pathOf(id, '/health'), ...options }),

    /** Says that it is right who, or what, came in place of another: `identityNotice` goes. */
    confirmIdentity: (id: string, options: CallOptions = {}) =>
      transport.json<Connection>({ method: 'POST', path: pathOf(id, '/confirm-identity'), ...options }),

    /** A link that a person opens in their own browser to sign in, the first time or again. */
    signIn: (id: string, body?: ConnectionSignInRequest, options: CallOptions = {}) =>
      transport.json<SignInLink>({ method: 'POST', path: pathOf(id, '/sign-in'), body, ...options }),

    /** Runs all steps; a failed step is an answer, not an error. */
    test: (id: string, options: CallOptions = {}) =>
      transport.json<ConnectionTest>({ method: 'POST', path: pathOf(id, '/test'), ...options }),

    /** Refreshes the tokens now, whatever their age. */
    refresh: (id: string, options: CallOptions = {}) =>
      transport.json<TokenFacts>({ method: 'POST', path: pathOf(id, '/refresh'), ...options }),

    /** A live access token, on request one that lives for so long: a secret. Keep it in memory, and ask again rather than store it. */
    token: (id: string, { minimumLifeSeconds, ...options }: AccessTokenRequest & CallOptions = {}) =>
      transport.json<AccessToken>({
        method: 'GET',
        path: pathOf(id, '/token'),
        query: { minimumLifeSeconds },
        ...options,
      }),

    tokenFacts: (id: string, options: CallOptions = {}) =>
      transport.json<TokenFacts>({ method: 'GET', path: pathOf(id, '/token-facts'), ...options }),

    /**
     * Sends a request to the connection's environment through the hub, which adds the access token.
     * Resolves with whatever came, the CRM's errors included; `readProblem` tells the hub's own failures apart.
     *
     * @param path Below the environment's origin, e.g. `/api/data/v9.2/accounts`; may carry a query. A link of an answer
     *   to `links: 'hub'` may be given as it is.
     * @throws TypeError when the path leaves the connection's proxy (dot segments).
     */
    request: async (id: string, method: string, path: string, request: ProxiedRequest = {}) => {
      const { query, links, retry, ...call } = request;
      const headers = {
        ...call.headers,
        ...(links && { 'latchkey-links': links }),
        ...(retry && { 'latchkey-retry': retry }),
      };
      return transport.passThrough(method, proxiedUrl(transport, id, path, query), { ...call, headers });
    },

    /**
     * The address that stands in for the environment's in any client of the Web API, with an API key as its token: links
     * of its answers lead through the hub.
     */
    environmentUrl: (id: string): string => transport.resolve(pathOf(id, '/environment/')).href,
  };
}

function proxiedUrl(transport: HubTransport, id: string, path: string, query?: Record<string, string>): URL {
  const root = transport.resolve(pathOf(id, '/proxy/'));
  const url = path.startsWith(root.href)
    ? new URL(path)
    : transport.resolve(pathOf(id, `/proxy/${path.replace(/^\/+/, '')}`));
  // URL parsing resolves `..`, and a path made from someone's data must not reach the hub's other calls.
  if (!url.pathname.startsWith(root.pathname)) {
    throw new TypeError("The path must stay below the environment's origin.");
  }
  url.hash = '';
  // Not URLSearchParams: it writes `+` for a space and re-encodes the query that the path brought.
  const pairs = Object.entries(query ?? {}).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`,
  );
  if (pairs.length > 0) url.search = [url.search.slice(1), ...pairs].filter(Boolean).join('&');
  return url;
}
