import { HubError, type HubErrorCode, type HubErrorOptions } from '../errors/hub-error.ts';
import { isCertificateUntrusted } from '../ground/is-certificate-untrusted.ts';
import { networkRemoteError } from './network-remote-error.ts';
import type { OutboundError } from './outbound-http.ts';

/** Failures of the way out itself, whoever was called: the operator's proxy, or trust in an authority. */
const wayOutFailures: Readonly<Record<string, HubErrorCode>> = {
  PROXY_AUTHENTICATION_REQUIRED: 'outbound_proxy_authentication_required',
  PROXY_REFUSED: 'outbound_proxy_refused',
  PROXY_UNAVAILABLE: 'outbound_proxy_unavailable',
  PROXY_NONSENSE: 'outbound_proxy_nonsense',
  PROXY_CERTIFICATE_UNTRUSTED: 'certificate_untrusted',
};

/** @returns the failure's code where the way out itself is at fault, and not who was called; else null */
function wayOutFailure(error: OutboundError): HubErrorCode | null {
  const code = Object.hasOwn(wayOutFailures, error.code) ? wayOutFailures[error.code] : undefined;
  if (code !== undefined) return code;
  return isCertificateUntrusted(error.code) ? 'certificate_untrusted' : null;
}

/**
 * Turns what ended a call into a failure with a stable code: that of the way out where it is at fault, else that of who
 * was called.
 */
export function describeOutboundError(
  error: OutboundError,
  called: Pick<HubErrorOptions, 'side'> & { code: HubErrorCode; detail: string },
): HubError {
  const { code, detail, side } = called;
  const options = { remote: networkRemoteError(error), cause: error, ...(side && { side }) };
  const ofTheWayOut = wayOutFailure(error);
  return ofTheWayOut === null
    ? new HubError(code, { detail, ...options })
    : new HubError(ofTheWayOut, { detail: error.message, ...options });
}

/** @returns whether the same call may go well in a moment: not where somebody has to change a setting first */
export function mayPass(error: OutboundError): boolean {
  const code = wayOutFailure(error);
  return code === null || code === 'outbound_proxy_unavailable';
}
