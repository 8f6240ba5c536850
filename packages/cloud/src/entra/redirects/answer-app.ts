import { withPath } from '../../directory/match-redirect-uri.ts';
import type { EntraError } from '../errors/entra-error.ts';
import { presentRedirectError } from '../errors/present-error.ts';
import type { RequestTrace } from '../errors/trace-request.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { formPostPage } from '../pages/form-post-page.ts';
import type { ReturnAddress } from './find-return-address.ts';

type AnswerParameters = Readonly<Record<string, string | undefined>>;

/** Sends an answer to the app in the way it asked for, with its `state`. */
export function answerApp(address: ReturnAddress, parameters: AnswerParameters): Outcome {
  const pairs = Object.entries({ ...parameters, state: address.state }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  if (address.responseMode === 'form_post') return showPage(formPostPage(address.redirectUri, pairs));
  const isFragment = address.responseMode === 'fragment';
  return {
    kind: 'redirect',
    location: withAnswer(address.redirectUri, new URLSearchParams(pairs), isFragment ? '#' : '?'),
  };
}

/** Sends a refusal to the app (RFC 6749 §4.1.2.1). */
export function refuseApp(
  address: ReturnAddress,
  error: EntraError,
  trace: RequestTrace,
  more: AnswerParameters = {},
): Outcome {
  return answerApp(address, { ...presentRedirectError(error, trace, address.version), ...more });
}

function withAnswer(redirectUri: string, answer: URLSearchParams, mark: '?' | '#'): string {
  const address = withPath(redirectUri);
  return `${address}${mark === '?' && address.includes('?') ? '&' : mark}${answer.toString()}`;
}
