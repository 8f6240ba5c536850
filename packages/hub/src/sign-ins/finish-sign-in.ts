import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import type { AuthorizationRow } from '../store/schema.ts';
import type { AuthorizationCallback } from '../token-endpoint/authorization-code.ts';
import { describeCallbackError } from '../token-endpoint/describe-token-failure.ts';
import { consumeState } from './consume-state.ts';
import { codeVerifierPlace, type SignInContext, subjectOf } from './sign-in-subject.ts';

/** Where the browser goes next, or what it is shown when that can't be told. */
export type SignInEnd =
  | { kind: 'redirect'; url: string }
  | { kind: 'problem'; error: HubError /** Where "back" leads. */; backUrl: string };

/**
 * Takes what Microsoft's sign-in page sent back. The state tells what it was for; a failure is then recorded there and
 * shown on its page, so that nothing about it goes through an address.
 *
 * @param query the callback's parameters, `code` or `error`, and `state`
 * @param browserSecret the value of the browser's cookie, if it sent one
 */
export async function finishSignIn(
  context: SignInContext,
  query: URLSearchParams,
  browserSecret: string | undefined,
): Promise<SignInEnd> {
  const { publicUrl } = context.config;
  const refusal = parseOAuthErrorParameters(query);
  const state = query.get('state');
  if (!state) {
    const error = refusal ? describeCallbackError(refusal) : new HubError('state_missing');
    return { kind: 'problem', error, backUrl: `${publicUrl}/` };
  }
  const verdict = await consumeState(context, state, browserSecret);
  if (verdict.outcome === 'refused') {
    const { subject } = verdict;
    const back = subject ? subjectOf(context, subject.purpose).page(subject.subjectId) : '/';
    return { kind: 'problem', error: new HubError(verdict.code), backUrl: `${publicUrl}${back}` };
  }
  const { authorization } = verdict;
  const { subject_id: subjectId } = authorization;
  const subject = subjectOf(context, authorization.purpose);
  const callback = callbackOf(context, authorization, query);
  try {
    await subject.complete(subjectId, callback);
  } catch (error) {
    // A failure of the sign-in stands on the page that the browser goes to.
    if (error instanceof HubError) return { kind: 'redirect', url: `${publicUrl}${subject.page(subjectId)}` };
    throw error;
  }
  return { kind: 'redirect', url: `${publicUrl}${subject.donePage(subjectId)}` };
}

function callbackOf(
  { vault }: Pick<HubContext, 'vault'>,
  row: AuthorizationRow,
  query: URLSearchParams,
): AuthorizationCallback {
  const { redirect_uri: redirectUri } = row;
  const codeVerifier = vault.open(row.sealed_code_verifier, codeVerifierPlace(row.state_hash));
  const url = new URL(redirectUri);
  url.search = query.toString();
  return { url: url.href, codeVerifier, redirectUri };
}
