import type { FastifyInstance } from 'fastify';
import { formOf } from '../../web/form-body.ts';
import type { EntraContext } from '../entra-context.ts';
import { sendOutcome } from '../http/outcome.ts';
import { readPageVisit } from '../visit/page-visit.ts';
import type { FlowSteps } from './flow-steps.ts';
import { takeConsentForm } from './take-consent-form.ts';
import { takeSignInForm } from './take-sign-in-form.ts';

/** Where the forms of the sign-in and consent pages go. */
export function registerSignInRoutes(app: FastifyInstance, context: EntraContext, steps: FlowSteps): void {
  app.post('/:tenant/login', (request, reply) => {
    const visit = readPageVisit(context, request, reply);
    return sendOutcome(context, reply, takeSignInForm(steps, visit, formOf(request)));
  });
  app.post('/:tenant/consent', (request, reply) => {
    const visit = readPageVisit(context, request, reply);
    return sendOutcome(context, reply, takeConsentForm(steps, visit, formOf(request)));
  });
}
