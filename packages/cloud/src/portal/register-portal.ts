import cookie from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import { readFormBodies } from '../web/form-body.ts';
import { tokenConfigurationRoutes } from './applications/configure-tokens.ts';
import { deleteRoutes } from './applications/delete-application.ts';
import { authenticationRoutes } from './applications/edit-authentication.ts';
import { brandingRoutes } from './applications/edit-branding.ts';
import { manifestRoutes } from './applications/edit-manifest.ts';
import { listRoutes } from './applications/list-applications.ts';
import { ownerRoutes } from './applications/manage-owners.ts';
import { registerRoutes } from './applications/register-application.ts';
import { endpointRoutes } from './applications/show-endpoints.ts';
import { overviewRoutes } from './applications/show-overview.ts';
import { clockRoutes } from './clock/move-clock.ts';
import { consentRequestRoutes } from './consent-requests/review-consent-requests.ts';
import { addSecretRoutes } from './credentials/add-secret.ts';
import { certificateRoutes } from './credentials/manage-certificates.ts';
import { federatedCredentialRoutes } from './credentials/manage-federated-credentials.ts';
import { secretRoutes } from './credentials/manage-secrets.ts';
import { directoryListRoutes } from './directories/list-directories.ts';
import { scopeRoutes } from './exposed/edit-scope.ts';
import { exposeApiRoutes } from './exposed/expose-api.ts';
import { appRoleRoutes } from './exposed/manage-app-roles.ts';
import { faultRoutes } from './faults/manage-faults.ts';
import { homeRoutes } from './home/home-routes.ts';
import { answerErrors } from './http/answer-errors.ts';
import { readMultipartForms } from './http/read-multipart-forms.ts';
import { readVisit, requireFormToken } from './http/read-visit.ts';
import { sendPage } from './http/send-page.ts';
import { signingKeyRoutes } from './keys/manage-signing-keys.ts';
import { addPermissionRoutes } from './permissions/add-permissions.ts';
import { chooseApiRoutes } from './permissions/choose-api.ts';
import { consentRoutes } from './permissions/grant-admin-consent.ts';
import { permissionRoutes } from './permissions/show-permissions.ts';
import { policyRoutes } from './policies/edit-policies.ts';
import { openPortalTables } from './session/sessions.ts';
import { registerSignInRoutes, startSignIn } from './sign-in/sign-in-routes.ts';
import { signInLogRoutes } from './sign-ins/show-sign-ins.ts';
import { tokenRoutes } from './sign-ins/show-tokens.ts';
import { addUserRoutes } from './users/add-user.ts';
import { userRoutes } from './users/manage-users.ts';
import { createFreshSecrets } from './visit/fresh-secrets.ts';
import type { PortalCloud, PortalContext, PortalOptions } from './visit/portal-context.ts';
import { goTo, type PortalAnswer, type PortalRoute, type PortalVisit } from './visit/portal-visit.ts';
import { createSentForms } from './visit/sent-forms.ts';

const routes: readonly PortalRoute[] = [
  ...homeRoutes,
  ...directoryListRoutes,
  ...listRoutes,
  ...registerRoutes,
  ...overviewRoutes,
  ...brandingRoutes,
  ...authenticationRoutes,
  ...secretRoutes,
  ...addSecretRoutes,
  ...certificateRoutes,
  ...federatedCredentialRoutes,
  ...tokenConfigurationRoutes,
  ...exposeApiRoutes,
  ...scopeRoutes,
  ...appRoleRoutes,
  ...permissionRoutes,
  ...chooseApiRoutes,
  ...addPermissionRoutes,
  ...consentRoutes,
  ...ownerRoutes,
  ...manifestRoutes,
  ...endpointRoutes,
  ...deleteRoutes,
  ...userRoutes,
  ...addUserRoutes,
  ...policyRoutes,
  ...consentRequestRoutes,
  ...signInLogRoutes,
  ...tokenRoutes,
  ...signingKeyRoutes,
  ...faultRoutes,
  ...clockRoutes,
];

/**
 * Adds the portal to a server: App registrations and what belongs to them, as pages that work without scripts. It is
 * a client of the local Entra ID, and what it changes of applications goes through the operations of the local
 * Microsoft Graph, so that one set of rules decides.
 */
export async function registerPortal(
  app: FastifyInstance,
  cloud: PortalCloud,
  options: PortalOptions,
): Promise<void> {
  openPortalTables(cloud.directory);
  const context: PortalContext = {
    ...cloud,
    ...options,
    freshSecrets: createFreshSecrets(),
    sentForms: createSentForms(),
  };
  await app.register(cookie);
  readFormBodies(app);
  readMultipartForms(app);
  answerErrors(app, context);
  registerSignInRoutes(app, context);
  for (const route of routes) registerRoute(app, context, route);
}

function registerRoute(
  app: FastifyInstance,
  context: PortalContext,
  { method, path, handle }: PortalRoute,
): void {
  app.route<{ Params: Record<string, string> }>({
    method,
    url: path,
    handler: async (request, reply) => {
      const visit = readVisit(context, request, reply);
      if (!visit) return startSignIn(context, request, reply);
      const { session } = visit;
      if (method === 'POST') requireFormToken(session, request);
      const answer = method === 'POST' ? await handleOnce(visit, request.url, handle) : await handle(visit);
      if (answer.kind === 'page') return sendPage(context, { request, reply, session }, answer.page);
      return reply.header('cache-control', 'no-store').redirect(answer.location, httpStatus.seeOther);
    },
  });
}

/** A form that was taken and is sent again, by a double click, leads where it led and does nothing more. */
async function handleOnce(
  visit: PortalVisit,
  path: string,
  handle: PortalRoute['handle'],
): Promise<PortalAnswer> {
  const { sentForms } = visit.context;
  const sent = { sessionId: visit.session.id, path, fields: visit.form };
  const location = sentForms.locationOf(sent);
  if (location !== undefined) return goTo(location);
  const answer = await handle(visit);
  if (answer.kind === 'redirect') sentForms.remember(sent, answer.location);
  return answer;
}
