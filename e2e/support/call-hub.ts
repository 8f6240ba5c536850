interface HubCall {
  method?: string;
  /** Sent as JSON; a text as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls the hub's API as a raw request, with the test's key unless the call brings another authorization. */
export function callHub(
  { hub, apiKey }: { hub: { url: string }; apiKey: string },
  path: string,
  { method = 'GET', body, headers }: HubCall = {},
): Promise<Response> {
  return fetch(`${hub.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
}
