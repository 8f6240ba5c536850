import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import type { PageVisit } from '../http/page-visit.ts';
import { staySignedInPage } from '../pages/stay-signed-in-page.ts';
import type { Flow } from './flow.ts';
import type { Session } from './sessions.ts';
import { continueFlow } from './take-flow-step.ts';

/** Asks "Stay signed in?" (AADSTS50140) after a sign-in, where the tenant wants it; then goes on. */
export function askToStay(visit: PageVisit, flow: Flow, session: Session): Outcome {
  const { user } = session;
  const { staySignedIn } = tenantPolicy(visit.context.directory, user.tenantId);
  if (!flow.hasJustSignedIn || staySignedIn === 'not_asked') return continueFlow(visit, flow, session);
  const target = visit.target('login', { ...flow, hasJustSignedIn: false, userId: user.id });
  return showPage(staySignedInPage(target, user));
}
