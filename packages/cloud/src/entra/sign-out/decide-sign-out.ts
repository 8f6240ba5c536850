import type { EndpointVersion } from '../errors/present-error.ts';
import type { BrowserAccount } from '../stored/sessions.ts';

export type SignOutDecision =
  | { decision: 'sign_out'; account: BrowserAccount }
  /** Nobody is signed in, or not the one who is meant. */
  | { decision: 'nothing_to_do' }
  | { decision: 'ask_which'; accounts: readonly BrowserAccount[] };

/**
 * Decides which account a request to a logout endpoint is about. Without a hint the v2 endpoint asks always, so that
 * no site signs a person out behind their back; the v1 endpoint asks where there are several. ("Send a sign-out
 * request" in OpenID Connect on the Microsoft identity platform.)
 *
 * @param hintedUserId whom `logout_hint` or `id_token_hint` names; undefined without a hint that says anything
 */
export function decideSignOut(
  version: EndpointVersion,
  accounts: readonly BrowserAccount[],
  hintedUserId: string | undefined,
): SignOutDecision {
  const signedIn = accounts.filter(({ session }) => session);
  const [first, ...others] = signedIn;
  const hinted = signedIn.find(({ user }) => user.id === hintedUserId);
  if (hinted) return { decision: 'sign_out', account: hinted };
  if (!first || hintedUserId !== undefined) return { decision: 'nothing_to_do' };
  return version === 1 && others.length === 0
    ? { decision: 'sign_out', account: first }
    : { decision: 'ask_which', accounts: signedIn };
}
