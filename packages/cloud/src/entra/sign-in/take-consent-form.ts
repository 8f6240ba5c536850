import type { Parameters } from '../../web/parse-form.ts';
import type { Outcome } from '../http/outcome.ts';
import { pressedStep } from '../http/pressed-step.ts';
import { requireParameter } from '../http/require-parameter.ts';
import type { PageVisit } from '../visit/page-visit.ts';
import { askWho } from './ask-who.ts';
import { acceptFlow, continueFlow, declineFlow, type FlowSteps } from './flow-steps.ts';

/**
 * Takes the form of the consent page and of the pages beside it. Only the person that the page was shown to can
 * answer it; anybody else signs in first.
 *
 * @throws EntraError 50089 when the form is aged or not this browser's
 */
export function takeConsentForm(steps: FlowSteps, visit: PageVisit, form: Parameters): Outcome {
  const flow = visit.openFlow(requireParameter(form, 'ctx'));
  const step = pressedStep(form);
  const session = step === 'other' ? undefined : visit.sessionOf(flow.userId);
  if (!session) return askWho(visit, flow);
  if (step === 'accept' || step === 'continue') {
    return acceptFlow(steps, visit, flow, session, { forOrganization: form.get('orgConsent') === 'true' });
  }
  if (step === 'request') {
    return continueFlow(steps, visit, { ...flow, approvalReason: form.get('reason') ?? '' }, session);
  }
  return declineFlow(steps, visit, flow, session, step === 'unapproved' ? 'unapproved' : 'declined');
}
