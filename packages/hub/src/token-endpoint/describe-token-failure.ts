import type { RemoteError } from '@latchkey/api';
import {
  aadsts,
  aadstsHelpLink,
  classifyTokenFailure,
  type OAuthErrorDetails,
  parseOAuthError,
} from '@latchkey/microsoft';
import { HubError, type HubErrorCode, type HubErrorOptions } from '../errors/hub-error.ts';
import { firstServerError } from '../ground/http-status.ts';
import { readAccessToken, readRetryAfter } from '../ground/outside-values.ts';
import { parseJson } from '../ground/read-json.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import type { OutboundError, OutboundResponse } from '../outbound/outbound-http.ts';

/** What a token request was for; the same refusal means different things. */
export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials';

/** Consent of the user or an administrator is missing, whatever `error` comes with it. */
const consentCodes: ReadonlySet<number> = new Set([
  aadsts.consentRequired,
  aadsts.tokenForItselfRequiresGraphPermission,
  aadsts.adminConsentRequired,
  aadsts.adminConsentRequestRequired,
  aadsts.adminConsentRequiredForRiskyApp,
]);

/** The certificate, or what it signed, is not the registered one, or has ended. */
const certificateCodes: ReadonlySet<number> = new Set([
  aadsts.invalidAssertionSignature,
  aadsts.clientAuthenticationFailed,
  aadsts.certificateSubjectNotAuthorized,
]);

/** Another issuer's token fits no federated identity credential of the application. */
const federationCodes: ReadonlySet<number> = new Set([
  aadsts.noFederatedIdentity,
  aadsts.noFederatedIdentityForIssuer,
  aadsts.noFederatedIdentityForAudience,
  aadsts.noFederatedIdentityForSubject,
  aadsts.federatedSubjectDiffersInCase,
  aadsts.unsupportedAssertionAlgorithm,
  aadsts.issuerLacksSigningKey,
  aadsts.issuerMetadataUnavailable,
]);

/**
 * Turns an answer that brought no token into a failure with a stable code, Microsoft's own words and the next step.
 * `token_endpoint_unavailable` and `token_endpoint_nonsense` pass by themselves; with all others Microsoft has refused.
 */
export function describeTokenRefusal(grantType: GrantType, answer: OutboundResponse): HubError {
  const contentType = answer.headers['content-type'] ?? null;
  const failure = classifyTokenFailure({ status: answer.status, contentType, body: answer.body });
  if (failure.details) {
    return describeOAuthError(
      codeOf(grantType, failure.nature, failure.details),
      failure.details,
      answer.status,
    );
  }
  const isUnavailable = failure.reason === 'transient_status' || answer.status >= firstServerError;
  const missing = lacksAccessToken(answer.body) ? ': it has no access_token that can be sent' : '';
  const detail = `The token endpoint answered with HTTP ${answer.status} and ${contentType ?? 'no content type'}, which is no token answer${missing}.${whereItLeads(answer)}`;
  return new HubError(isUnavailable ? 'token_endpoint_unavailable' : 'token_endpoint_nonsense', {
    detail,
    remote: {
      system: 'entra',
      code: null,
      oauthError: null,
      message: detail,
      httpStatus: answer.status,
      traceId: null,
      correlationId: answer.headers['client-request-id'] ?? null,
      timestamp: null,
      helpLink: null,
    },
  });
}

const unknownCredential: ReadonlySet<HubErrorCode> = new Set([
  'client_secret_wrong',
  'client_certificate_refused',
  'federated_credential_refused',
]);

/** Whether a credential is refused as one that nobody knows, which some of Microsoft's servers say of a new one for a while. */
export function isCredentialUnknown({ code }: Pick<HubError, 'code'>): boolean {
  return unknownCredential.has(code);
}

/** Whether an answer is a refusal by its body, whatever its status: gateways answer 200 to what they pass on. */
export function isOAuthError({ status, headers, body }: OutboundResponse): boolean {
  return parseOAuthError({ status, contentType: headers['content-type'] ?? null, body }) !== undefined;
}

/** The origin tells whose page it is; what follows it may carry what was sent. */
function whereItLeads({ headers }: OutboundResponse): string {
  const { location } = headers;
  if (!location) return '';
  if (!/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(location)) return ' It leads to another path of the same host.';
  const { origin } = URL.parse(location, 'https://login.microsoftonline.com') ?? {};
  // An app's own scheme has no origin, which is written `null`.
  return origin === undefined || origin === 'null' ? '' : ` It leads to ${origin}.`;
}

function lacksAccessToken(body: string): boolean {
  const read = parseJson(body);
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return false;
  return !('access_token' in read) || readAccessToken(read.access_token) === null;
}

/** @returns the failure of a request that got no whole answer: refused, reset, cut off, too slow, or no way out */
export function describeTokenNetworkFailure(error: OutboundError): HubError {
  return describeOutboundError(error, {
    code: 'token_endpoint_unavailable',
    side: 'token',
    detail: `No whole answer came from the token endpoint: ${error.message}`,
  });
}

/** @returns the failure that Microsoft put into the callback's address (RFC 6749 §4.1.2.1) */
export function describeCallbackError(details: OAuthErrorDetails): HubError {
  return describeOAuthError(callbackCodeOf(details), details, null);
}

function describeOAuthError(code: HubErrorCode, details: OAuthErrorDetails, status: number | null): HubError {
  const { entry, message, error } = details;
  const options: HubErrorOptions = {
    detail: entry?.cause ?? (message || error),
    remote: entraRemoteError(details, status),
  };
  // For what passes by itself the table's "the hub tries again" is the better advice.
  if (entry && code !== 'token_endpoint_unavailable')
    Object.assign(options, { remedy: entry.remedy, whoActs: entry.whoActs });
  return new HubError(code, options);
}

/** @returns what Microsoft Entra ID said, in its own words, with the ids that Microsoft's support asks for */
function entraRemoteError(details: OAuthErrorDetails, httpStatus: number | null): RemoteError {
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

function codeOf(
  grantType: GrantType,
  nature: OAuthErrorDetails['nature'],
  details: OAuthErrorDetails,
): HubErrorCode {
  if (nature === 'transient') return 'token_endpoint_unavailable';
  if (details.codes.includes(aadsts.expiredClientSecret)) return 'client_secret_expired';
  if (details.codes.includes(aadsts.invalidClientSecret)) return 'client_secret_wrong';
  if (details.codes.some((code) => certificateCodes.has(code))) return 'client_certificate_refused';
  if (details.codes.some((code) => federationCodes.has(code))) return 'federated_credential_refused';
  if (lacksConsent(details)) return 'consent_required';
  const signInHelps = nature === 'interaction' || details.error === 'invalid_grant';
  return signInHelps && grantType !== 'client_credentials'
    ? 'connection_needs_sign_in'
    : 'token_request_refused';
}

function callbackCodeOf(details: OAuthErrorDetails): HubErrorCode {
  if (details.nature === 'transient') return 'token_endpoint_unavailable';
  if (lacksConsent(details)) return 'consent_required';
  if (details.error === 'access_denied') return 'sign_in_declined';
  return details.nature === 'interaction' ? 'sign_in_declined' : 'token_request_refused';
}

function lacksConsent(details: OAuthErrorDetails): boolean {
  const { error, suberror, codes } = details;
  return (
    error === 'consent_required' ||
    suberror === 'consent_required' ||
    codes.some((code) => consentCodes.has(code))
  );
}

/**
 * @returns in how many milliseconds the server wants to be asked again (RFC 9110 §10.2.3, seconds or a date), or null
 */
export function retryAfterOf(answer: OutboundResponse, now: number): number | null {
  return readRetryAfter(answer.headers['retry-after'], now);
}
