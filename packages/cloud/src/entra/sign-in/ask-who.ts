import { findUserByName } from '../../directory/users.ts';
import type { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import type { PageVisit } from '../http/page-visit.ts';
import { accountPage, namePage, passwordPage } from '../pages/sign-in-pages.ts';
import type { Flow } from './flow.ts';
import type { Session } from './sessions.ts';

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

/** Offers the account that is signed in, or another. */
export function askWhichAccount(visit: PageVisit, flow: Flow, { user }: Session): Outcome {
  return showPage(accountPage(visit.target('login', { ...flow, userId: user.id }), user));
}
