import type { FailureNature } from './aadsts/aadsts-entry.ts';
import { lookUpAadsts } from './aadsts.ts';
import { isTransientStatus } from './failure-status.ts';

/** Why a failure was given its nature. Stable; for logs and tests. */
export type FailureReason =
  /** 408, 429 or 5xx: the status outweighs the body. */
  | 'transient_status'
  /** The answer is no OAuth error in JSON with a 4xx status: a proxy's page, a cut-off body. */
  | 'unreadable_answer'
  /** `temporarily_unavailable`, `server_error`, or the device flow's "not yet". */
  | 'transient_error'
  /** An AADSTS code that is known to pass, whatever `error` came with it. */
  | 'transient_code'
  /** A person has to sign in or consent. */
  | 'interaction_required'
  /** The same request gets the same refusal. */
  | 'refused'
  /** An `error` that nobody has documented. A good connection is not given up for it. */
  | 'unknown_error';

/** A failure's nature and why. */
export interface FailureDecision {
  readonly nature: FailureNature;
  readonly reason: FailureReason;
}

/** RFC 6749 §4.1.2.1; RFC 8628 §3.5 for the last two, which mean "ask again later". */
const transientErrors: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'authorization_pending',
  'slow_down',
]);

/** MSAL, InteractionRequiredAuthError: these errors, or one of these suberrors with whatever error. */
const interactionErrors: ReadonlySet<string> = new Set([
  'interaction_required',
  'consent_required',
  'login_required',
]);
const interactionSuberrors: ReadonlySet<string> = new Set([
  'basic_action',
  'additional_action',
  'message_only',
  'user_password_expired',
  'consent_required',
  'bad_token',
]);

/**
 * Errors by which the server refuses this very request, so that sending it again gives the same answer:
 * - the grant or the client is refused (`invalid_grant`, `invalid_client`, `unauthorized_client`);
 * - the request or what it asks for is wrong, which only a change of the settings mends (`invalid_request`,
 *   `invalid_scope`, `invalid_resource`, `invalid_tenant`, `invalid_instance`, `unsupported_…`);
 * - the person or a policy said no (`access_denied` and the names admin consent and the device flow use for it);
 * - the device code is spent (`expired_token`, `code_expired`, `bad_verification_code`).
 */
const refusals: ReadonlySet<string> = new Set([
  'invalid_grant',
  'invalid_client',
  'unauthorized_client',
  'invalid_request',
  'invalid_scope',
  'invalid_resource',
  'invalid_target',
  'invalid_tenant',
  'invalid_instance',
  'unsupported_grant_type',
  'unsupported_response_type',
  'access_denied',
  'permission_denied',
  'authorization_declined',
  'expired_token',
  'code_expired',
  'bad_verification_code',
]);

/**
 * Decides what kind of failure an OAuth error is. The HTTP status comes first, then the codes that are known to pass,
 * then `error` and `suberror`: Microsoft says that numbers and texts change, so no number makes a failure final.
 *
 * @param failure.status HTTP status; undefined for an error in a callback's address.
 */
export function decideOAuthErrorNature(failure: {
  status?: number | undefined;
  error: string;
  suberror?: string | undefined;
  codes: readonly number[];
}): FailureDecision {
  const { status, error, suberror, codes } = failure;
  if (status !== undefined && isTransientStatus(status))
    return { nature: 'transient', reason: 'transient_status' };
  if (transientErrors.has(error)) return { nature: 'transient', reason: 'transient_error' };
  if (codes.some((code) => lookUpAadsts(code)?.nature === 'transient')) {
    return { nature: 'transient', reason: 'transient_code' };
  }
  if (interactionErrors.has(error) || (suberror !== undefined && interactionSuberrors.has(suberror))) {
    return { nature: 'interaction', reason: 'interaction_required' };
  }
  if (refusals.has(error)) return { nature: 'terminal', reason: 'refused' };
  return { nature: 'transient', reason: 'unknown_error' };
}
