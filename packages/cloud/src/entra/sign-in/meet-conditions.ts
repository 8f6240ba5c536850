import { judgeConditions } from '../accounts/judge-conditions.ts';
import type { Outcome } from '../http/outcome.ts';
import { showPage } from '../http/outcome.ts';
import { errorPage } from '../pages/error-page.ts';
import { secondFactorPage } from '../pages/second-factor-page.ts';
import type { Session } from '../stored/sessions.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/**
 * What has to be shown before a signed-in person may go on; undefined when nothing has to. Who is kept out is told so
 * on a page, and the app hears nothing.
 */
export function meetConditions(visit: PageVisit, flow: Flow, session: Session): Outcome | undefined {
  const { user } = session;
  const verdict = judgeConditions(user, session, { user: user.userPrincipalName });
  if (verdict.met) return undefined;
  if (verdict.settledBy === 'nothing') return showPage(errorPage(verdict.refusal, visit.trace));
  return showPage(secondFactorPage(visit.target('login', { ...flow, userId: user.id }), user));
}
