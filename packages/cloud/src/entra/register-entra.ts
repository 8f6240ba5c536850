import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { rememberReads } from '../directory/remember-reads.ts';
import { recordSignIns } from '../sign-in-log/record-sign-ins.ts';
import { readFormBodies } from '../web/form-body.ts';
import { noteMethods } from '../web/known-methods.ts';
import { registerAdminConsentRoutes } from './admin-consent/admin-consent-routes.ts';
import {
  acceptAdminConsent,
  continueAdminConsent,
  declineAdminConsent,
} from './admin-consent/continue-admin-consent.ts';
import { answerErrorsAsJson, answerErrorsAsPages } from './answer-errors.ts';
import { registerAuthorizeRoutes } from './authorize/authorize-routes.ts';
import {
  acceptAuthorization,
  continueAuthorization,
  declineAuthorization,
} from './authorize/continue-authorization.ts';
import {
  acceptDeviceSignIn,
  continueDeviceSignIn,
  declineDeviceSignIn,
} from './device-code/continue-device-sign-in.ts';
import { registerDeviceCodeRoutes } from './device-code/device-code-routes.ts';
import { registerDevicePageRoutes } from './device-code/device-page-routes.ts';
import { registerDiscoveryRoutes } from './discovery/discovery-routes.ts';
import type { EntraContext, EntraServices } from './entra-context.ts';
import { traceAnswers } from './errors/trace-request.ts';
import { rememberIssuerKeys } from './federation/remember-issuer-keys.ts';
import { registerPlainPageRoutes } from './pages/plain-page-routes.ts';
import type { FlowSteps } from './sign-in/flow-steps.ts';
import { registerSignInRoutes } from './sign-in/sign-in-routes.ts';
import { registerSignOutRoutes } from './sign-out/sign-out-routes.ts';
import { loadFlowKey, openEntraTables } from './stored/schema.ts';
import { registerTokenRoutes } from './token/token-routes.ts';

const flowSteps: FlowSteps = {
  authorize: {
    proceed: continueAuthorization,
    accept: acceptAuthorization,
    decline: declineAuthorization,
  },
  device: { proceed: continueDeviceSignIn, accept: acceptDeviceSignIn, decline: declineDeviceSignIn },
  admin_consent: {
    proceed: continueAdminConsent,
    accept: acceptAdminConsent,
    decline: declineAdminConsent,
  },
};

/**
 * Adds the local Entra ID to a server: the authorize, token, device code, discovery, key, admin consent and logout
 * endpoints of both generations, and the pages that people see. An address that is none of them is answered with an
 * OAuth error.
 */
export async function registerEntra(app: FastifyInstance, cloud: EntraServices): Promise<void> {
  openEntraTables(cloud.directory);
  const context: EntraContext = {
    ...cloud,
    flowKey: loadFlowKey(cloud),
    tenantScopes: rememberReads(cloud.directory),
    policies: rememberReads(cloud.directory),
  };
  await app.register(async (entra) => {
    recordSignIns(entra, context);
    readFormBodies(entra);
    traceAnswers(entra, context);
    answerErrorsAsJson(entra, context, noteMethods(entra));
    registerTokenRoutes(entra, {
      ...context,
      appTokenSubjects: rememberReads(cloud.directory),
      findIssuerKeys: rememberIssuerKeys(cloud),
    });
    registerDeviceCodeRoutes(entra, context);
    await entra.register(async (discovery) => registerDiscoveryRoutes(discovery, context));
    await entra.register(async (pages) => {
      await pages.register(cookie);
      answerErrorsAsPages(pages, context);
      registerAuthorizeRoutes(pages, context);
      registerSignInRoutes(pages, context, flowSteps);
      registerDevicePageRoutes(pages, context);
      registerAdminConsentRoutes(pages, context);
      registerSignOutRoutes(pages, context);
      registerPlainPageRoutes(pages, context);
    });
  });
}
