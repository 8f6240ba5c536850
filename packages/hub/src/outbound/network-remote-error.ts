import type { RemoteError } from '@latchkey/api';
import type { OutboundError } from './outbound-http.ts';

/** @returns that no whole answer came, and why */
export function networkRemoteError(error: OutboundError): RemoteError {
  return {
    system: 'network',
    code: error.code,
    oauthError: null,
    message: error.message,
    httpStatus: null,
    traceId: null,
    correlationId: null,
    timestamp: null,
    helpLink: null,
  };
}
