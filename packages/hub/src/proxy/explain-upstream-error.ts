import { HubError, type HubErrorCode } from '../errors/hub-error.ts';

/** Nothing moved on a call for as long as the connection's timeout allows. */
export class StalledCallError extends Error {
  readonly waitedFor: 'caller' | 'environment';

  constructor(waitedFor: 'caller' | 'environment') {
    super(`Nothing came from the ${waitedFor} in time.`);
    this.name = 'StalledCallError';
    this.waitedFor = waitedFor;
  }
}

/** What undici and the socket call an answer that is no HTTP, or that contradicts itself. */
const nonsenseCodes: ReadonlySet<string> = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_HTTP_INVALID_STATUS_CODE',
  'ERR_INVALID_CHAR',
  // undici asserts what an answer has to be, such as that its status has no leading zero.
  'ERR_ASSERTION',
]);

/** What undici says when the other side switches protocols or continues, unasked. */
const nonsenseMessages: ReadonlySet<string> = new Set(['bad response', 'bad upgrade']);

/**
 * Turns what ended a call before its answer began into a failure with a stable code.
 *
 * @param error from undici, the socket, TLS or the hub's own rule for addresses
 */
export function explainUpstreamError(error: Error, environmentUrl: string): HubError {
  const known = ownError(error);
  if (known) return known;
  const code = codeOf(error);
  // When every address of a name refuses, Node's error has a code and no message.
  const message = error.message || (code ?? error.name);
  return new HubError(hubCodeOf(error, code), {
    detail: `${environmentUrl} gave no answer: ${message}`,
    remote: {
      system: 'network',
      code,
      oauthError: null,
      message,
      httpStatus: null,
      traceId: null,
      correlationId: null,
      timestamp: null,
      helpLink: null,
    },
    cause: error,
  });
}

function hubCodeOf(error: Error, code: string | null): HubErrorCode {
  if (error instanceof StalledCallError)
    return error.waitedFor === 'caller' ? 'body_too_slow' : 'crm_timeout';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'crm_timeout';
  const isNonsense =
    error.name === 'HTTPParserError' ||
    (code !== null && nonsenseCodes.has(code)) ||
    nonsenseMessages.has(error.message);
  return isNonsense ? 'crm_nonsense' : 'crm_unavailable';
}

/** The rule for outbound addresses speaks while connecting; its words reach here inside of undici's. */
function ownError(error: Error): HubError | undefined {
  if (error instanceof HubError) return error;
  return error.cause instanceof HubError ? error.cause : undefined;
}

function codeOf(error: Error): string | null {
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}
