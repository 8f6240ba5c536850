import type { Outcome } from '../http/outcome.ts';
import { frontChannelAddresses } from '../stored/session-apps.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { askWhichAccount, askWho } from './ask-who.ts';
import { continueFlow, type FlowSteps } from './flow-steps.ts';

/** `account:<id>` goes on with it; `signout:<id>` and `forget:<id>` come back to the accounts that are left. */
const accountStep = /^(account|signout|forget):(.+)$/;

/**
 * Takes a button of the account picker; undefined when the step is none. The accounts are the browser's own, so the
 * form can name no other.
 */
export function takeAccountStep(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  step: string,
): Outcome | undefined {
  const [, wanted, userId] = accountStep.exec(step) ?? [];
  if (wanted === undefined) return undefined;
  const account = visit.accounts.find(({ user }) => user.id === userId);
  if (!account) return askWhichAccount(visit, flow, visit.accounts);
  if (wanted === 'account') {
    const session = flow.needsPassword ? undefined : visit.sessionOf(account.user.id);
    return session
      ? continueFlow(steps, visit, flow, session)
      : askWho(visit, flow, { hint: account.user.userPrincipalName });
  }
  const frames = frontChannelAddresses(
    { directory: visit.context.directory, origin: visit.origin },
    account.session,
  );
  if (wanted === 'signout') visit.signOut(account);
  else visit.forget(account);
  return askWhichAccount(visit, flow, visit.accounts, frames);
}
