import { tenantPolicy } from '../../directory/tenant-policy.ts';
import { type Outcome, showPage } from '../http/outcome.ts';
import { staySignedInPage } from '../pages/stay-signed-in-page.ts';
import type { Session } from '../stored/sessions.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit, StayAnswer } from '../visit/page-visit.ts';
import { continueFlow, type FlowSteps } from './flow-steps.ts';

/**
 * Asks "Stay signed in?" (AADSTS50140) after a sign-in, unless the tenant does not want it, the person gave an answer
 * to keep, or an administrator signs in to consent ("Troubleshoot 'Stay signed in?' issues"); then goes on.
 */
export function askToStay(steps: FlowSteps, visit: PageVisit, flow: Flow, session: Session): Outcome {
  const { user } = session;
  const { staySignedIn } = tenantPolicy(visit.context.directory, user.tenantId);
  const isAsked = flow.hasJustSignedIn && staySignedIn === 'asked' && flow.kind !== 'admin_consent';
  if (!isAsked) return continueFlow(steps, visit, flow, session);
  const asked: Flow = { ...flow, hasJustSignedIn: false, userId: user.id };
  if (visit.stayAnswer) return proceed(steps, visit, asked, session, visit.stayAnswer);
  return showPage(staySignedInPage(visit.target('login', asked), user));
}

/** Takes the answer; with `isLastTime`, this browser's people are not asked again. */
export function takeStayAnswer(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  session: Session,
  { answer, isLastTime }: { answer: StayAnswer; isLastTime: boolean },
): Outcome {
  if (isLastTime) visit.keepStayAnswer(answer);
  return proceed(steps, visit, flow, session, answer);
}

function proceed(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  session: Session,
  answer: StayAnswer,
): Outcome {
  if (answer === 'stay') visit.keepSession(session);
  return continueFlow(steps, visit, flow, session);
}
