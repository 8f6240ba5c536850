import { HubProblemError, HubUnreachableError, readProblem, unexpectedAnswer } from './hub-problem-error.ts';

/** Where the hub is, who calls, and how bytes get there. */
export interface HubClientOptions {
  /** The hub's public address, e.g. `https://latchkey.contoso.com`. */
  baseUrl: string;
  /** An API key (`lk_…`). Left out in the browser, where the session cookie speaks for the person. */
  apiKey?: string;
  /** Default: the runtime's own `fetch`. */
  fetch?: typeof globalThis.fetch;
}

/** What every call takes last. */
export interface CallOptions {
  signal?: AbortSignal;
}

type Query = Record<string, string | number | undefined>;

interface HubCall extends CallOptions {
  method: string;
  /** Below the base address, with its leading slash. */
  path: string;
  query?: Query | undefined;
  /** Sent as JSON. */
  body?: unknown;
}

export interface PassedThroughCall extends CallOptions {
  headers?: Record<string, string>;
  body?: string | Blob | ArrayBuffer;
}

export interface HubTransport {
  /** Sends a call and reads its JSON. Throws HubProblemError, HubUnreachableError, or the abort's reason. */
  json: <T>(call: HubCall) => Promise<T>;
  /** Sends a call whose answer is a text. Throws as `json` does. */
  text: (call: HubCall) => Promise<string>;
  /** Sends a call whose answer has no body. Throws as `json` does. */
  empty: (call: HubCall) => Promise<void>;
  /** Sends a request as it is and hands back whatever came. Throws HubUnreachableError, or the abort's reason. */
  passThrough: (method: string, url: URL, call: PassedThroughCall) => Promise<Response>;
  /** The absolute address of a path below the base address. */
  resolve: (path: string, query?: Query) => URL;
}

export function createHubTransport(options: HubClientOptions): HubTransport {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  // A browser's fetch refuses to run detached from its global object.
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));

  function resolve(path: string, query: Query = {}): URL {
    const url = new URL(baseUrl + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  async function passThrough(method: string, url: URL, call: PassedThroughCall): Promise<Response> {
    const headers = new Headers(call.headers);
    if (options.apiKey !== undefined) headers.set('authorization', `Bearer ${options.apiKey}`);
    try {
      return await send(url, {
        method,
        headers,
        body: call.body ?? null,
        signal: call.signal ?? null,
      });
    } catch (error) {
      // fetch throws TypeError for every network failure; anything else is the caller's abort.
      if (error instanceof TypeError) throw new HubUnreachableError(baseUrl, { cause: error });
      throw error;
    }
  }

  async function accepted({ method, path, query, body, signal }: HubCall): Promise<Response> {
    const response = await passThrough(method, resolve(path, query), {
      headers: {
        accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.ok) return response;
    throw new HubProblemError((await readProblem(response)) ?? unexpectedAnswer(response));
  }

  return {
    resolve,
    passThrough,
    json: async <T>(call: HubCall) => {
      const response = await accepted(call);
      try {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the contract of a 2xx answer; e2e/ checks the hub against it
        return (await response.json()) as T;
      } catch (error) {
        if (error instanceof SyntaxError) {
          throw new HubProblemError(unexpectedAnswer(response), { cause: error });
        }
        throw error;
      }
    },
    text: async (call) => (await accepted(call)).text(),
    empty: async (call) => {
      const response = await accepted(call);
      await response.body?.cancel();
    },
  };
}
