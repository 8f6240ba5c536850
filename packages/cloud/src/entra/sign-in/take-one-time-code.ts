import { timingSafeEqual } from 'node:crypto';
import { aadsts } from '@latchkey/microsoft';
import { userConditions } from '../../directory/user-conditions.ts';
import { setUserConditions } from '../../directory/users.ts';
import { isLockedOut, noteWrongPassword } from '../accounts/smart-lockout.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { secondFactorPage } from '../pages/second-factor-page.ts';
import { addSecondFactor, type Session } from '../stored/sessions.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { askToStay } from './ask-to-stay.ts';
import { askWhoElse } from './ask-who.ts';
import type { FlowSteps } from './flow-steps.ts';

/** Takes the one-time code of a person who gave their password; guesses count as wrong passwords do. */
export function takeOneTimeCode(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  session: Session,
  code: string | undefined,
): Outcome {
  const { context } = visit;
  const { user } = session;
  if (isLockedOut(context, user.id)) {
    return askWhoElse(visit, flow, user.userPrincipalName, new EntraError(aadsts.accountLocked));
  }
  const { oneTimeCode, secondFactor } = userConditions(user);
  if (!isSame(code?.trim() ?? '', oneTimeCode)) {
    noteWrongPassword(context, user.id);
    return showPage(secondFactorPage(visit.target('login', flow), user, { isWrong: true }));
  }
  if (secondFactor === 'unregistered') {
    setUserConditions(context.directory, user, { secondFactor: 'required' });
  }
  return askToStay(steps, visit, flow, addSecondFactor(context, session));
}

function isSame(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
