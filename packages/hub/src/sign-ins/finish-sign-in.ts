import { parseOAuthErrorParameters } from '@latchkey/microsoft';
import { completeConnectionSignIn } from '../connections/complete-sign-in.ts';
import { HubError } from '../errors/hub-error.ts';
import { recordSignInFailure } from '../evidence/record-evidence.ts';
import { completeAdministratorSignIn } from '../registrations/complete-administrator-sign-in.ts';
import type { AuthorizationRow } from '../store/schema.ts';
import { describeCallbackError } from '../token-endpoint/describe-token-failure.ts';
import type { SignInCallback } from '../tokens/exchange-authorization-code.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { codeVerifierPlace } from './begin-sign-in.ts';
import { consumeState } from './consume-state.ts';
import type { SignInSubject } from './create-sign-in-link.ts';

/** Where the browser goes next, or what it is shown when that can't be told. */
export type AuthorizationEnd =
  | { kind: 'redirect'; url: string }
  | { kind: 'problem'; error: HubError /** Where "back" leads. */; backUrl: string };

/**
 * Takes what Microsoft's sign-in page sent back. The state tells what it was for; a failure is then recorded there and
 * shown on its page, so that nothing about it goes through an address.
 *
 * @param query the callback's parameters, `code` or `error`, and `state`
 * @param browserSecret the value of the browser's cookie, if it sent one
 */
export async function finishAuthorization(
  context: TokenContext,
  query: URLSearchParams,
  browserSecret: string | undefined,
): Promise<AuthorizationEnd> {
  const { publicUrl } = context.config;
  const refusal = parseOAuthErrorParameters(query);
  const state = query.get('state');
  if (!state) {
    const error = refusal ? describeCallbackError(refusal) : new HubError('state_missing');
    return { kind: 'problem', error, backUrl: `${publicUrl}/` };
  }
  const verdict = await consumeState(context, state, browserSecret);
  if (verdict.outcome === 'refused') {
    const backUrl = verdict.subject ? pageOf(publicUrl, verdict.subject) : `${publicUrl}/`;
    return { kind: 'problem', error: new HubError(verdict.code), backUrl };
  }
  const { authorization } = verdict;
  const subject = { purpose: authorization.purpose, subjectId: authorization.subject_id };
  const url = pageOf(publicUrl, subject);
  const callback = callbackOf(context, authorization, query);
  try {
    await complete(context, subject, callback);
  } catch (error) {
    // A failure of the sign-in stands on the page that the browser goes to.
    if (error instanceof HubError) return { kind: 'redirect', url };
    throw error;
  }
  return { kind: 'redirect', url: subject.purpose === 'connection' ? `${url}?signed-in=1` : url };
}

/** @throws HubError which is recorded by then */
async function complete(
  context: TokenContext,
  { purpose, subjectId }: SignInSubject,
  callback: SignInCallback,
): Promise<void> {
  if (purpose === 'registration') {
    await completeAdministratorSignIn(context, { registrationId: subjectId, callback });
    return;
  }
  try {
    await completeConnectionSignIn(context, { connectionId: subjectId, callback });
  } catch (error) {
    if (error instanceof HubError) await recordSignInFailure(context, subjectId, error);
    throw error;
  }
}

function callbackOf(context: TokenContext, row: AuthorizationRow, query: URLSearchParams): SignInCallback {
  const { redirect_uri: redirectUri } = row;
  const codeVerifier = context.vault.open(row.sealed_code_verifier, codeVerifierPlace(row.state_hash));
  const url = new URL(redirectUri);
  url.search = query.toString();
  return { url: url.href, codeVerifier, redirectUri };
}

function pageOf(publicUrl: string, { purpose, subjectId }: SignInSubject): string {
  return `${publicUrl}/${purpose === 'connection' ? 'connections' : 'registrations'}/${subjectId}`;
}
