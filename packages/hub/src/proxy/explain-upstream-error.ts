import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import { describeNetworkError, type NetworkError } from '../outbound/describe-network-error.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import { OutboundError } from '../outbound/outbound-http.ts';

/** Nothing moved on a call for as long as the connection's timeout allows. */
export class StalledCallError extends Error {
  readonly waitedFor: 'caller' | 'environment';

  constructor(waitedFor: 'caller' | 'environment') {
    super(`Nothing came from the ${waitedFor} in time.`);
    this.name = 'StalledCallError';
    this.waitedFor = waitedFor;
  }
}

/** Whose fault it is that no answer began, unless it is that of the way out. */
const codes = {
  timeout: 'crm_timeout',
  nonsense: 'crm_nonsense',
  untrusted: 'certificate_untrusted',
  unreachable: 'crm_unavailable',
} as const satisfies Record<NetworkError['kind'], HubErrorCode>;

/**
 * Turns what ended a call before its answer began into a failure with a stable code.
 *
 * @param error from undici, the socket, TLS or the hub's own rule for addresses
 */
export function explainUpstreamError(error: Error, environmentUrl: string): HubError {
  const known = ownError(error);
  if (known) return known;
  if (error instanceof StalledCallError) {
    return new HubError(error.waitedFor === 'caller' ? 'body_too_slow' : 'crm_timeout', {
      detail: `${environmentUrl} gave no answer: ${error.message}`,
      cause: error,
    });
  }
  const { kind, code, sentence } = describeNetworkError(error);
  const outboundError =
    error instanceof OutboundError
      ? error
      : new OutboundError(code, `${new URL(environmentUrl).host} ${sentence}.`, { cause: error });
  return describeOutboundError(outboundError, {
    code: codes[kind],
    side: 'environment',
    detail: `The call got no answer: ${outboundError.message}`,
  });
}

/** The rule for outbound addresses speaks while connecting; its words reach here inside of undici's. */
function ownError(error: Error): HubError | undefined {
  if (error instanceof HubError) return error;
  return error.cause instanceof HubError ? error.cause : undefined;
}
