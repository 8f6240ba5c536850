/** Names in lower case, as undici hands them over. */
export type AnswerHeaders = Record<string, string | string[] | undefined>;

/** They describe one connection and end with it (RFC 9110 §7.6.1), whatever `Connection` says besides. */
const hopByHop = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
];

/**
 * Not passed to the environment: what is between the caller and the hub (its key, its session), and what is said anew
 * (`Host`). `Expect` is answered by the hub's own server before the body comes.
 */
const keptFromEnvironment: ReadonlySet<string> = new Set([
  ...hopByHop,
  'authorization',
  'cookie',
  'expect',
  'host',
  // What the caller tells the hub.
  'latchkey-links',
  'latchkey-retry',
]);

/**
 * Not passed to the caller: what the environment says to browsers about its own origin would there count for the hub's,
 * whose people have sessions. By what each would do.
 */
export const actsOnOrigin = {
  /** Keep something for the origin, or take it away. */
  state: [
    'set-cookie',
    'set-cookie2',
    'clear-site-data',
    'set-login',
    'shared-storage-write',
    'activate-storage-access',
    'secure-session-registration',
    'secure-session-challenge',
    'sec-session-registration',
    'sec-session-challenge',
    'use-as-dictionary',
  ],
  /** Say how the origin is to be reached from now on. */
  transport: [
    'strict-transport-security',
    'public-key-pins',
    'public-key-pins-report-only',
    'expect-ct',
    'alt-svc',
  ],
  /** Have the browser tell others what goes on at the origin. */
  reports: [
    'nel',
    'report-to',
    'reporting-endpoints',
    'content-security-policy-report-only',
    'cross-origin-opener-policy-report-only',
    'cross-origin-embedder-policy-report-only',
    'document-policy-report-only',
    'integrity-policy-report-only',
    'permissions-policy-report-only',
    'attribution-reporting-register-source',
    'attribution-reporting-register-trigger',
    'observe-browsing-topics',
  ],
  /** Have the browser send more to the origin, with every request. */
  hints: ['accept-ch', 'accept-ch-lifetime', 'critical-ch'],
  /** Let others in: pages of other origins could read, embed or time what the person's session is answered. */
  sharing: [
    'access-control-allow-credentials',
    'access-control-allow-origin',
    'cross-origin-resource-policy',
    'timing-allow-origin',
    'x-permitted-cross-domain-policies',
  ],
  /** Let code of the answer reach further at the origin than its own page, or lead the browser on. */
  reach: ['service-worker-allowed', 'origin-agent-cluster', 'speculation-rules', 'refresh'],
} as const;

const keptFromCaller: ReadonlySet<string> = new Set([...hopByHop, ...Object.values(actsOnOrigin).flat()]);

/** `Connection` values that name no further header; nearly every request has one of them. */
const plainConnectionOptions: ReadonlySet<string> = new Set(['keep-alive', 'close', 'Keep-Alive', 'Close']);

/**
 * The headers that go to the environment, as the caller wrote them and in the caller's order, with the connection's
 * token.
 *
 * @param rawHeaders names and values in turn, as `IncomingMessage.rawHeaders` has them
 * @returns names and values in turn; undici adds `Host`
 */
export function headersForEnvironment(rawHeaders: readonly string[], accessToken: string): string[] {
  const named = namedByConnection(rawHeaders);
  const headers = ['authorization', `Bearer ${accessToken}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const lowerCaseName = name.toLowerCase();
    if (keptFromEnvironment.has(lowerCaseName) || named?.has(lowerCaseName)) continue;
    headers.push(name, rawHeaders[index + 1] ?? '');
  }
  return headers;
}

/** @returns the headers that go back to the caller, names and values in turn, as `writeHead` takes them */
export function headersForCaller(answerHeaders: AnswerHeaders): string[] {
  const named = connectionOptions(answerHeaders.connection);
  const headers: string[] = [];
  for (const name of Object.keys(answerHeaders)) {
    if (keptFromCaller.has(name) || named?.has(name)) continue;
    const value = answerHeaders[name];
    if (typeof value === 'string') headers.push(name, value);
    else for (const one of value ?? []) headers.push(name, one);
  }
  return headers;
}

/**
 * An answer of the environment that a browser shows under the hub's origin must not act there with the person's
 * session: a web resource is a page that any customizer of the environment may have written.
 */
export const browserContainment: readonly string[] = [
  'content-security-policy',
  'sandbox',
  'x-content-type-options',
  'nosniff',
  'cross-origin-resource-policy',
  'same-origin',
];

function namedByConnection(rawHeaders: readonly string[]): ReadonlySet<string> | undefined {
  let named: Set<string> | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    // Comparing lengths first spares most headers the lower-casing.
    if (name?.length !== 'connection'.length || name.toLowerCase() !== 'connection') continue;
    const options = connectionOptions(rawHeaders[index + 1]);
    if (options) named = named ? new Set([...named, ...options]) : options;
  }
  return named;
}

function connectionOptions(value: string | string[] | undefined): Set<string> | undefined {
  if (value === undefined || (typeof value === 'string' && plainConnectionOptions.has(value)))
    return undefined;
  return new Set(
    String(value)
      .split(',')
      .map((option) => option.trim().toLowerCase()),
  );
}
