import type { RemoteError } from '@latchkey/api';
import { parseDataverseError } from '@latchkey/microsoft';
import { HubError } from '../../errors/hub-error.ts';
import { networkRemoteError } from '../../outbound/network-remote-error.ts';
import type { OutboundError, OutboundResponse } from '../../outbound/outbound-http.ts';

const unauthorized = 401;
const forbidden = 403;
const requestTimeout = 408;
const tooManyRequests = 429;
const firstServerError = 500;

const timeouts: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Turns an answer of the CRM that is no success into a failure with its own words and who has to act. */
export function describeCrmRefusal(answer: OutboundResponse): HubError {
  const { status } = answer;
  const details = parseDataverseError(answer);
  const remote: RemoteError = {
    system: 'dataverse',
    code: details?.code || null,
    oauthError: null,
    message: details?.message ?? `HTTP ${status} without an error of the Web API.`,
    httpStatus: status,
    traceId: answer.headers['x-ms-service-request-id'] ?? null,
    correlationId: answer.headers.req_id ?? null,
    timestamp: null,
    helpLink: null,
  };
  if (status === unauthorized) {
    const detail = 'Dynamics 365 does not accept the access token, nor a new one.';
    return new HubError('crm_refused', { detail, remote });
  }
  const isTransient = status === requestTimeout || status === tooManyRequests || status >= firstServerError;
  if (isTransient)
    return new HubError('crm_unavailable', { detail: `Dynamics 365 answered with HTTP ${status}.`, remote });
  if (status !== forbidden && !details) {
    return new HubError('crm_nonsense', { detail: `The environment answered with HTTP ${status}.`, remote });
  }
  const { entry } = details ?? {};
  return new HubError('crm_refused', {
    detail: entry?.cause ?? remote.message,
    remote,
    ...(entry && { remedy: entry.remedy, whoActs: entry.whoActs }),
  });
}

/** @returns the failure of a call to the CRM that got no whole answer */
export function describeCrmNetworkFailure(error: OutboundError): HubError {
  const options = { remote: networkRemoteError(error), cause: error };
  if (timeouts.has(error.code)) return new HubError('crm_timeout', options);
  return new HubError('crm_unavailable', {
    detail: `No whole answer came from the environment: ${error.message}`,
    ...options,
  });
}

/** @returns whether a connection failed because of the certificate or TLS itself, by the code of Node or OpenSSL */
export function isTlsFailure(code: string): boolean {
  return /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH|EPROTO)/.test(
    code,
  );
}
