import type { FastifyInstance } from 'fastify';
import { formOf } from '../../web/form-body.ts';
import { findApplicationForSignIn } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Outcome, sendOutcome, showPage } from '../http/outcome.ts';
import { deviceCodePage } from '../pages/device-pages.ts';
import { chooseAccount } from '../sign-in/choose-account.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import type { DeviceFlow } from '../visit/flow.ts';
import { type PageVisit, readPageVisit } from '../visit/page-visit.ts';
import { continueDeviceSignIn, requireWaitingCode } from './continue-device-sign-in.ts';

const devicePath = '/common/oauth2/deviceauth';

/** The page where a person types the code of a device. */
export function registerDevicePageRoutes(app: FastifyInstance, context: EntraContext): void {
  app.get('/devicelogin', (_request, reply) =>
    sendOutcome(context, reply, { kind: 'redirect', location: devicePath }),
  );
  app.get(devicePath, (_request, reply) => sendOutcome(context, reply, showPage(deviceCodePage(devicePath))));
  app.post(devicePath, (request, reply) => {
    const visit = readPageVisit(context, request, reply);
    return sendOutcome(context, reply, takeUserCode(visit, formOf(request).get('otc')));
  });
}

// The code alone decides nothing: the person signs in and confirms the app before anything is approved.
function takeUserCode(visit: PageVisit, typed: string | undefined): Outcome {
  try {
    const code = requireWaitingCode(visit.context, typed);
    const flow: DeviceFlow = { kind: 'device', tenant: code.request.tenant, userCode: code.userCode };
    const { directory } = visit.context;
    const scope = resolveTenant(directory, flow.tenant);
    const application = findApplicationForSignIn(directory, code.request.clientId, scope);
    const choice = chooseAccount(visit, flow, { scope, application, version: code.request.version });
    return choice.by === 'session' ? continueDeviceSignIn(visit, flow, choice.session) : choice.outcome;
  } catch (error) {
    if (error instanceof EntraError) return showPage(deviceCodePage(devicePath, { error }));
    throw error;
  }
}
