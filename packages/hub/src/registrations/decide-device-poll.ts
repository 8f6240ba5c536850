import { HubError, type HubErrorCode } from '../errors/hub-error.ts';
import type { TokenAnswer, TokenOutcome } from '../token-endpoint/request-token.ts';

/** What an answer to a device code's poll means (RFC 8628 §3.5). */
export type DevicePoll =
  | { next: 'signed_in'; answer: TokenAnswer }
  | { next: 'wait'; intervalSeconds: number; reason: 'pending' | 'asked_to_slow_down' | 'unavailable' }
  | { next: 'failed'; failure: HubError };

/** RFC 8628 §3.5: `slow_down` lengthens the interval by this, for all later polls. */
const slowDownSeconds = 5;

/** `code_expired` and AADSTS70018 (`bad_verification_code`) are Microsoft's names for a code that is of no more use. */
const spentCode: ReadonlySet<string> = new Set(['expired_token', 'code_expired', 'bad_verification_code']);
/** What may be otherwise at the next poll. */
const passing: ReadonlySet<HubErrorCode> = new Set([
  'token_endpoint_unavailable',
  'token_endpoint_nonsense',
  'outbound_proxy_unavailable',
]);
const refusedByPerson: ReadonlySet<string> = new Set(['authorization_declined', 'access_denied']);

export function decideDevicePoll(outcome: TokenOutcome, intervalSeconds: number): DevicePoll {
  if (outcome.ok) return { next: 'signed_in', answer: outcome.answer };
  const { failure } = outcome;
  const { options } = failure;
  const error = options.remote?.oauthError ?? '';
  if (error === 'authorization_pending') return { next: 'wait', intervalSeconds, reason: 'pending' };
  if (error === 'slow_down') {
    return { next: 'wait', intervalSeconds: intervalSeconds + slowDownSeconds, reason: 'asked_to_slow_down' };
  }
  if (spentCode.has(error)) return { next: 'failed', failure: deviceCodeExpired(options.remote) };
  if (refusedByPerson.has(error)) {
    return { next: 'failed', failure: new HubError('sign_in_declined', { ...options, cause: failure }) };
  }
  if (passing.has(failure.code)) return { next: 'wait', intervalSeconds, reason: 'unavailable' };
  return { next: 'failed', failure: administratorRefusal(failure) };
}

export function deviceCodeExpired(remote?: HubError['options']['remote']): HubError {
  return new HubError('device_code_expired', remote && { remote });
}

/** A refusal that is told of connections elsewhere, told of the administrator's sign-in. */
export function administratorRefusal(failure: HubError): HubError {
  return failure.code === 'connection_needs_sign_in'
    ? new HubError('sign_in_declined', { ...failure.options, cause: failure })
    : failure;
}
