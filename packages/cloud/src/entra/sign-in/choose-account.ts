import { aadsts } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { isPersonalTenant } from '../../directory/personal-accounts.ts';
import { findTenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { checkAccount } from '../accounts/check-account.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import type { Outcome } from '../http/outcome.ts';
import type { BrowserAccount, Session } from '../stored/sessions.ts';
import type { TenantScope } from '../tenants/resolve-tenant.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { askWhichAccount, askWho } from './ask-who.ts';
import { type AccountDecision, type AccountHint, decideAccount } from './decide-account.ts';

/** What a request says about who should sign in. */
export interface AccountPreference {
  prompts: ReadonlySet<string>;
  /** A sign-in name. */
  loginHint: string | undefined;
  /** The `sid` claim of an earlier sign-in. */
  sessionId: string | undefined;
  domainHint: string | undefined;
}

/** Somebody who is signed in, or a page that asks. */
export type AccountChoice = { by: 'session'; session: Session } | { by: 'page'; outcome: Outcome };

const noPreference: AccountPreference = {
  prompts: new Set(),
  loginHint: undefined,
  sessionId: undefined,
  domainHint: undefined,
};

/**
 * Finds out whom a request is for, of the accounts that the browser knows, or asks.
 *
 * @throws EntraError with `prompt=none`: 50058 nobody, or not the hinted one, is signed in; 50132 or 50133 the only one
 * was, until the password was changed or all sign-ins were revoked; 16000 several could be meant, or none may sign in here
 */
export function chooseAccount(
  visit: PageVisit,
  flow: Flow,
  { scope, ...client }: { scope: TenantScope; application: Application; version: EndpointVersion },
  preference: AccountPreference = noPreference,
): AccountChoice {
  const { directory } = visit.context;
  const isOffered = readDomainHint(directory, preference.domainHint);
  const candidates = visit.accounts.map((account) => ({
    account,
    isOffered: isOffered(account.user),
    isUsable: checkAccount(directory, account.user, scope, client).accepted,
  }));
  const { prompts } = preference;
  const decided = decideAccount(candidates, { prompts, hint: readHint(visit, preference) });
  if (decided.decision === 'refuse') throw refusal(decided.reason, visit.accounts);
  const asking: Flow = prompts.has('login') ? { ...flow, needsPassword: true } : flow;
  if (decided.decision === 'pick') {
    return { by: 'page', outcome: askWhichAccount(visit, asking, decided.accounts) };
  }
  const session = decided.decision === 'go_on' ? visit.sessionOf(decided.account.user.id) : undefined;
  if (session) return { by: 'session', session };
  const name = decided.decision === 'sign_in' ? decided.name : undefined;
  return { by: 'page', outcome: askWho(visit, asking, { hint: name }) };
}

function refusal(
  reason: (AccountDecision & { decision: 'refuse' })['reason'],
  accounts: readonly BrowserAccount[],
): EntraError {
  if (reason === 'ambiguous') return new EntraError(aadsts.interactionRequired);
  const [only, ...others] = accounts;
  if (reason === 'nobody_signed_in' && only?.endedBy && others.length === 0) {
    const code = only.endedBy === 'password_change' ? aadsts.sessionInvalidOrExpired : aadsts.sessionRevoked;
    return new EntraError(code, {}, { error: 'login_required' });
  }
  const whom =
    reason === 'nobody_signed_in'
      ? 'no user is signed in'
      : 'none of the currently signed in user(s) match the requested login hint';
  return new EntraError(aadsts.loginRequired, { whom });
}

function readHint(
  { accounts }: PageVisit,
  { loginHint, sessionId }: AccountPreference,
): AccountHint | undefined {
  if (loginHint !== undefined) {
    const wanted = loginHint.trim().toLowerCase();
    return { name: loginHint, account: accounts.find(({ user }) => user.userPrincipalName === wanted) };
  }
  if (sessionId === undefined) return undefined;
  return { account: accounts.find(({ session }) => session?.id === sessionId) };
}

/**
 * Whom `domain_hint` offers: work accounts, personal ones, or those of a domain's organization. A domain that nobody
 * here has says nothing.
 */
function readDomainHint(directory: Directory, hint: string | undefined): (user: User) => boolean {
  if (hint === undefined) return () => true;
  const realm = hint.toLowerCase();
  const isPersonal = ({ tenantId }: User) => isPersonalTenant({ id: tenantId });
  if (realm === 'consumers') return isPersonal;
  if (realm === 'organizations') return (user) => !isPersonal(user);
  const tenant = findTenant(directory, realm);
  return tenant ? (user) => user.tenantId === tenant.id : () => true;
}
