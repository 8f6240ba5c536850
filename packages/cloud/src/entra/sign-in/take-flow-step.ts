import {
  acceptAdminConsent,
  continueAdminConsent,
  declineAdminConsent,
} from '../admin-consent/continue-admin-consent.ts';
import {
  acceptAuthorization,
  continueAuthorization,
  declineAuthorization,
} from '../authorize/continue-authorization.ts';
import {
  acceptDeviceSignIn,
  continueDeviceSignIn,
  declineDeviceSignIn,
} from '../device-code/continue-device-sign-in.ts';
import type { Outcome } from '../http/outcome.ts';
import type { Session } from '../stored/sessions.ts';
import type { Flow } from '../visit/flow.ts';
import type { PageVisit } from '../visit/page-visit.ts';

/** Goes on with whatever the person signed in for. */
export function continueFlow(visit: PageVisit, flow: Flow, session: Session): Outcome {
  if (flow.kind === 'authorize') return continueAuthorization(visit, flow, session);
  if (flow.kind === 'device') return continueDeviceSignIn(visit, flow, session);
  return continueAdminConsent(visit, flow, session);
}

/** The person agreed to what the page asked. */
export function acceptFlow(
  visit: PageVisit,
  flow: Flow,
  session: Session,
  options: { forOrganization: boolean },
): Outcome {
  if (flow.kind === 'authorize') return acceptAuthorization(visit, flow, session, options);
  if (flow.kind === 'device') return acceptDeviceSignIn(visit, flow, session, options);
  return acceptAdminConsent(visit, flow, session);
}

/** The person said no, or may not say yes. */
export function declineFlow(
  visit: PageVisit,
  flow: Flow,
  session: Session,
  reason: 'declined' | 'unapproved',
): Outcome {
  if (flow.kind === 'authorize') return declineAuthorization(visit, flow, session, reason);
  if (flow.kind === 'device') return declineDeviceSignIn(visit, flow, session);
  return declineAdminConsent(visit, flow, reason);
}
