import { aadstsHelpLink, type OAuthErrorDetails } from '@latchkey/microsoft';
import type { RemoteError } from '../errors/hub-error.ts';
import type { OutboundError } from '../outbound/outbound-http.ts';

/** @returns what Microsoft Entra ID said, in its own words, with the ids that Microsoft's support asks for */
export function entraRemoteError(details: OAuthErrorDetails, httpStatus: number | null): RemoteError {
  const code = details.entry?.code ?? details.codes.at(-1);
  return {
    system: 'entra',
    code: code === undefined ? null : `AADSTS${code}`,
    oauthError: details.error,
    message: details.message,
    httpStatus,
    traceId: details.traceId ?? null,
    correlationId: details.correlationId ?? null,
    timestamp: details.timestamp ?? null,
    helpLink: code === undefined ? null : aadstsHelpLink(code),
  };
}

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
