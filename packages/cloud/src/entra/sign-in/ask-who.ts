import { findUserByName } from '../../directory/users.ts';
import type { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { accountPage } from '../pages/account-pages.ts';
import { namePage, passwordPage } from '../pages/sign-in-pages.ts';
import type { BrowserAccount } from '../stored/sessions.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/** Asks who signs in; with a hint that names an account, straight for its password. */
export function askWho(visit: PageVisit, flow: Flow, { hint }: { hint?: string | undefined } = {}): Outcome {
  const target = visit.target('login', flow);
  const user = hint === undefined ? undefined : findUserByName(visit.context.directory, hint);
  if (user) return showPage(passwordPage(target, user.userPrincipalName));
  return showPage(namePage(target, hint === undefined ? {} : { name: hint }));
}

/** Asks again, saying why the account can't be used. */
export function askWhoElse(visit: PageVisit, flow: Flow, name: string, error: EntraError): Outcome {
  return showPage(namePage(visit.target('login', flow), { name, error }));
}

/**
 * Offers accounts that the browser knows, or another.
 *
 * @param frames addresses of apps that are told of a sign-out meanwhile
 */
export function askWhichAccount(
  visit: PageVisit,
  flow: Flow,
  accounts: readonly BrowserAccount[],
  frames: readonly string[] = [],
): Outcome {
  return showPage(accountPage(visit.target('login', flow), accounts, frames));
}
