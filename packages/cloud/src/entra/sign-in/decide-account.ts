import type { BrowserAccount } from '../stored/sessions.ts';

/** An account of the browser as a request sees it. */
export interface Candidate {
  account: BrowserAccount;
  /** Whether `domain_hint` lets it be offered. */
  isOffered: boolean;
  /** Whether it may sign in to this app through this tenant. */
  isUsable: boolean;
}

/** An account that a request names by `login_hint` or `sid`. */
export interface AccountHint {
  /** The account, where the browser knows it. */
  account?: BrowserAccount | undefined;
  /** The sign-in name to begin with. */
  name?: string | undefined;
}

export type AccountDecision =
  | { decision: 'go_on'; account: BrowserAccount }
  | { decision: 'pick'; accounts: readonly BrowserAccount[] }
  /** The password of the named account, or, where there is none of that name, its name first. */
  | { decision: 'sign_in'; name: string | undefined }
  | { decision: 'refuse'; reason: 'nobody_signed_in' | 'hint_matches_nobody' | 'ambiguous' };

/**
 * Decides whom a request is for. `prompt=none` asks nobody; `login` always wants a password; `select_account` always
 * shows the accounts. Else a hint names the account; one that is signed in goes on; of several, the only one that may
 * sign in here. ("Send the sign-in request" in OpenID Connect on the Microsoft identity platform.)
 */
export function decideAccount(
  candidates: readonly Candidate[],
  { prompts, hint }: { prompts: ReadonlySet<string>; hint: AccountHint | undefined },
): AccountDecision {
  if (prompts.has('none')) return decideSilently(candidates, hint);
  const offered = candidates.filter(({ isOffered }) => isOffered).map(({ account }) => account);
  if (prompts.has('select_account') && offered.length > 0) return { decision: 'pick', accounts: offered };
  const wantsPassword = prompts.has('login');
  if (hint) {
    return hint.account?.session && !wantsPassword
      ? { decision: 'go_on', account: hint.account }
      : { decision: 'sign_in', name: hint.account?.user.userPrincipalName ?? hint.name };
  }
  const chosen = wantsPassword ? undefined : chooseSignedIn(candidates);
  if (chosen) return { decision: 'go_on', account: chosen };
  const [first, ...others] = offered;
  if (first && others.length === 0 && wantsPassword) {
    return { decision: 'sign_in', name: first.user.userPrincipalName };
  }
  return offered.length > 0
    ? { decision: 'pick', accounts: offered }
    : { decision: 'sign_in', name: undefined };
}

function decideSilently(candidates: readonly Candidate[], hint: AccountHint | undefined): AccountDecision {
  if (hint) {
    return hint.account?.session
      ? { decision: 'go_on', account: hint.account }
      : {
          decision: 'refuse',
          reason: candidates.some(({ account }) => account.session)
            ? 'hint_matches_nobody'
            : 'nobody_signed_in',
        };
  }
  const signedIn = candidates.filter(({ account, isOffered }) => account.session && isOffered);
  if (signedIn.length === 0) return { decision: 'refuse', reason: 'nobody_signed_in' };
  const usable = only(signedIn.filter(({ isUsable }) => isUsable));
  return usable
    ? { decision: 'go_on', account: usable.account }
    : { decision: 'refuse', reason: 'ambiguous' };
}

/** The one that is signed in, whether it may sign in here or not: a page says so. Of several, the one that may. */
function chooseSignedIn(candidates: readonly Candidate[]): BrowserAccount | undefined {
  const signedIn = candidates.filter(({ account, isOffered }) => account.session && isOffered);
  return (only(signedIn) ?? only(signedIn.filter(({ isUsable }) => isUsable)))?.account;
}

function only<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}
