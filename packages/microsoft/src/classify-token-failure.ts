import { decideOAuthErrorNature, type FailureDecision } from './oauth-error-nature.ts';
import { type OAuthErrorDetails, parseOAuthError, type TokenEndpointAnswer } from './parse-oauth-error.ts';

const firstClientError = 400;

/** What became of a token request that brought no token, and what the server said, where it said it readably. */
export interface TokenFailure extends FailureDecision {
  readonly details?: OAuthErrorDetails;
}

/**
 * Tells whether a failed token request may be sent again (`transient`), needs a person (`interaction`), or is refused
 * for good (`terminal`). A refresh token may be given up for the last two only, so they need an answer that is an
 * OAuth error in JSON, of 4xx or of a success. Everything else is transient: 408, 429, 5xx even with an OAuth body, a proxy's HTML page, a
 * cut-off body, a redirect, a 200 that is neither a token answer nor an OAuth error. So is a request that got no answer at all; there is nothing
 * to classify then.
 *
 * A person who signs in again cures a terminal `invalid_grant` as well: `details.entry.nature` says so where the code
 * is known.
 */
export function classifyTokenFailure(answer: TokenEndpointAnswer): TokenFailure {
  const details = parseOAuthError(answer);
  if (!details) {
    // The same question with an unknown error: only the status can decide, and never to the worse.
    const { reason } = decideOAuthErrorNature({ status: answer.status, error: '', codes: [] });
    return { nature: 'transient', reason: reason === 'transient_status' ? reason : 'unreadable_answer' };
  }
  // Proxies answer with 200 to whatever they pass on: an OAuth error in it is one all the same.
  const status = Math.max(answer.status, firstClientError);
  const decision = decideOAuthErrorNature({ ...details, status });
  return { ...decision, details };
}
