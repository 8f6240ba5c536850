import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import { listLocalPeople, type PeopleOf } from '../../directory/local-people.ts';
import { isPersonalTenant } from '../../directory/personal-accounts.ts';
import { findUserByName } from '../../directory/users.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { accountPage } from '../pages/account-pages.ts';
import type { OfferedPeople } from '../pages/people-hint.ts';
import { blockedPage, namePage, passwordPage } from '../pages/sign-in-pages.ts';
import type { BrowserAccount } from '../stored/sessions.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/** How many people a page offers. */
const mostPeople = 6;

/** Asks who signs in; with a hint that names an account, straight for its password. */
export function askWho(visit: PageVisit, flow: Flow, { hint }: { hint?: string | undefined } = {}): Outcome {
  const target = visit.target('login', flow);
  const user = hint === undefined ? undefined : findUserByName(visit.context.directory, hint);
  if (user) return showPage(passwordPage(target, user.userPrincipalName));
  const offered = offerPeople(visit, flow);
  return showPage(namePage(target, hint === undefined ? { offered } : { name: hint, offered }));
}

/** Asks again, saying why the account can't be used. */
export function askWhoElse(visit: PageVisit, flow: Flow, name: string, error: EntraError): Outcome {
  const target = visit.target('login', flow);
  const user = findUserByName(visit.context.directory, name);
  if (error.code === aadsts.accountLocked && user && isPersonalTenant({ id: user.tenantId })) {
    return showPage(blockedPage(target, user.userPrincipalName));
  }
  return showPage(namePage(target, { name, error, offered: offerPeople(visit, flow) }));
}

/** The first few whom the flow's tenant lets in. */
function offerPeople({ context }: PageVisit, { tenant }: Flow): OfferedPeople {
  const people = listLocalPeople(context.directory, peopleOf(context, tenant), mostPeople + 1);
  return { people: people.slice(0, mostPeople), hasMore: people.length > mostPeople };
}

function peopleOf(context: EntraContext, segment: string): PeopleOf {
  const scope = context.tenantScopes(segment, () => resolveTenant(context.directory, segment));
  if (scope.kind === 'tenant') return { tenantId: scope.tenant.id };
  if (scope.kind === 'consumers') return { tenantId: wellKnownIds.personalAccountTenant };
  return scope.kind === 'organizations' ? 'organizations' : 'everybody';
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
