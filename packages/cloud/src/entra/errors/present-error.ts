import type { EntraError } from './entra-error.ts';
import type { RequestTrace } from './trace-request.ts';

/** Which generation of endpoints was called; the answers differ in shape. */
export type EndpointVersion = 1 | 2;

export function isEndpointVersion(value: unknown): value is EndpointVersion {
  return value === 1 || value === 2;
}

/** The body of a refusal at the token and device code endpoints (RFC 6749 §5.2, with Microsoft's additions). */
export interface TokenErrorBody {
  error: string;
  error_description: string;
  error_codes: number[];
  timestamp: string;
  trace_id: string;
  correlation_id: string;
  error_uri?: string;
  suberror?: string;
  claims?: string;
}

/** Token answers separate the parts of the description by single blanks. */
export function presentTokenError(
  error: EntraError,
  trace: RequestTrace,
  version: EndpointVersion,
): TokenErrorBody {
  return {
    error: version === 1 ? error.errorV1 : error.error,
    error_description: describeError(error, trace, ' '),
    error_codes: [error.code],
    timestamp: trace.timestamp,
    trace_id: trace.traceId,
    correlation_id: trace.correlationId,
    ...(error.errorUri !== undefined && { error_uri: error.errorUri }),
    ...(error.suberror && { suberror: error.suberror }),
    ...(error.claims !== undefined && { claims: error.claims }),
  };
}

/** The parameters of a refusal that goes back by redirect (RFC 6749 §4.1.2.1); here the separator is CR LF. */
export function presentRedirectError(
  error: EntraError,
  trace: RequestTrace,
  version: EndpointVersion,
): Record<string, string> {
  return {
    error: redirectErrorName(error, version),
    error_description: describeError(error, trace, '\r\n'),
    ...(error.errorUri !== undefined && { error_uri: error.errorUri }),
    ...(error.suberror && { suberror: error.suberror }),
    ...(error.claims !== undefined && { claims: error.claims }),
  };
}

// `invalid_grant` belongs to the token endpoint. At authorize a missing consent has a name of its own, and what takes
// a page is `interaction_required` in both generations (OpenID Connect Core §3.1.2.6).
function redirectErrorName(error: EntraError, version: EndpointVersion): string {
  if (error.suberror === 'consent_required') return error.suberror;
  return version === 1 || error.error === 'invalid_grant' ? error.errorV1 : error.error;
}

function describeError(error: EntraError, trace: RequestTrace, separator: string): string {
  return [
    `AADSTS${error.code}: ${error.message}`,
    `Trace ID: ${trace.traceId}`,
    `Correlation ID: ${trace.correlationId}`,
    `Timestamp: ${trace.timestamp}`,
  ].join(separator);
}
