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
  const state = query.get('state');
  const malformation = malformationOf(query);
  // The state is not used up: the answer as Microsoft sent it may still come.
  if (!state || malformation) {
    const error = malformation ?? withoutState(query);
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
    const attributes = { 'latchkey.sign_in.purpose': authorization.purpose };
    await context.telemetry.spans.run('latchkey.sign_in', attributes, () =>
      subject.complete(subjectId, callback),
    );
  } catch (error) {
    // A failure of the sign-in stands on the page that the browser goes to.
    if (error instanceof HubError) return { kind: 'redirect', url: `${publicUrl}${subject.page(subjectId)}` };
    throw error;
  }
  return { kind: 'redirect', url: `${publicUrl}${subject.donePage(subjectId)}` };
}

/** What the hub reads of a callback. All else is ignored (RFC 6749 §4.1.2), repeated or not. */
const callbackParameters = ['code', 'state', 'iss', 'error', 'error_description', 'error_subcode', 'claims'];

/** @returns the failure of a callback that has one of its parameters more than once (RFC 6749 §3.1), or null */
function malformationOf(query: URLSearchParams): HubError | null {
  const repeated = callbackParameters.find((name) => query.getAll(name).length > 1);
  if (repeated === undefined) return null;
  const detail = `The address that the browser was led back to has "${repeated}" more than once.`;
  return new HubError('callback_repeats_parameter', { detail });
}

/**
 * @returns what a callback without a state seems to be about. Whoever made the link may have written anything into it,
 *   so only the hub's own words are shown, never Microsoft's
 */
function withoutState(query: URLSearchParams): HubError {
  const refusal = parseOAuthErrorParameters(query);
  if (!refusal) return new HubError('state_missing');
  const { code, options } = describeCallbackError(refusal);
  const { remedy, whoActs } = options;
  return new HubError(code, { ...(remedy && { remedy }), ...(whoActs && { whoActs }) });
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
