import type { Outcome } from '../http/outcome.ts';
import type { Session } from '../stored/sessions.ts';
import type { AdminConsentFlow, AuthorizeFlow, DeviceFlow, Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/** What people sign in for, by the kind of flow that brought them; whoever registers the pages hands it in. */
export interface FlowSteps {
  authorize: StepsOf<AuthorizeFlow>;
  device: StepsOf<DeviceFlow>;
  admin_consent: StepsOf<AdminConsentFlow>;
}

/** The ways in which one kind of flow goes on after a page. */
interface StepsOf<Kind extends Flow> {
  /** It is known who signs in. */
  proceed(visit: PageVisit, flow: Kind, session: Session): Outcome;
  /** The person agreed to what the page asked. */
  accept(visit: PageVisit, flow: Kind, session: Session, options: { forOrganization: boolean }): Outcome;
  /** The person said no, or may not say yes. */
  decline(visit: PageVisit, flow: Kind, session: Session, reason: 'declined' | 'unapproved'): Outcome;
}

/** Goes on with whatever the person signed in for. */
export function continueFlow(steps: FlowSteps, visit: PageVisit, flow: Flow, session: Session): Outcome {
  if (flow.kind === 'authorize') return steps.authorize.proceed(visit, flow, session);
  if (flow.kind === 'device') return steps.device.proceed(visit, flow, session);
  return steps.admin_consent.proceed(visit, flow, session);
}

/** The person agreed to what the page asked. */
export function acceptFlow(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  session: Session,
  options: { forOrganization: boolean },
): Outcome {
  if (flow.kind === 'authorize') return steps.authorize.accept(visit, flow, session, options);
  if (flow.kind === 'device') return steps.device.accept(visit, flow, session, options);
  return steps.admin_consent.accept(visit, flow, session, options);
}

/** The person said no, or may not say yes. */
export function declineFlow(
  steps: FlowSteps,
  visit: PageVisit,
  flow: Flow,
  session: Session,
  reason: 'declined' | 'unapproved',
): Outcome {
  if (flow.kind === 'authorize') return steps.authorize.decline(visit, flow, session, reason);
  if (flow.kind === 'device') return steps.device.decline(visit, flow, session, reason);
  return steps.admin_consent.decline(visit, flow, session, reason);
}
