import { wellKnownIds } from '@latchkey/microsoft';
import type { FastifyInstance } from 'fastify';
import { mayGrantRoles } from '../../directory/administrator-roles.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { listPermissions } from '../../directory/listed-permissions.ts';
import { recordConsent } from '../../directory/record-consent.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { httpStatus } from '../../ground/http-status.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { directoryPagesOrigins } from '../../microsoft-origins.ts';
import { type AdminCaller, judgeCaller } from '../access/judge-caller.ts';
import { onlyAt } from '../access/only-at.ts';
import { readQuery } from '../access/read-query.ts';
import { presentClientException, type RefusedCall } from './client-exception.ts';

const path = '/api/RegisteredApplications/:appId/Consent';

const unauthenticated: RefusedCall = {
  status: httpStatus.unauthorized,
  reason: 'Unauthorized',
  code: 'Authentication_MissingOrMalformed',
  message: 'Access Token missing or malformed.',
};
const notAdministrator: RefusedCall = {
  status: httpStatus.forbidden,
  reason: 'Forbidden',
  code: 'Authorization_RequestDenied',
  message:
    "This operation can only be performed by an administrator. Sign out and sign in as an administrator or contact one of your organization's administrators.",
};

/**
 * `POST /api/RegisteredApplications/{appId}/Consent?onBehalfOfAll=true`: what the Azure portal calls behind "Grant admin
 * consent", and what command lines have taken from it (`az ad app permission admin-consent`). It consents, for everybody
 * in the caller's tenant, to what the registration lists, application permissions included; the answer is 204.
 *
 * It is documented nowhere; the calls and its refusals are as public programs and threads show them.
 */
export function registerAdminConsent(scope: FastifyInstance, context: TokenContext): void {
  scope.addHook('onRequest', onlyAt(context, directoryPagesOrigins));
  scope.post<{ Params: { appId: string } }>(path, async (request, reply) => {
    const caller = judgeCaller(context, wellKnownIds.azureDirectoryPages, request.headers.authorization);
    const forAll = readQuery(request).get('onbehalfofall')?.toLowerCase() === 'true';
    const refused = caller ? consent(context, caller, request.params.appId, forAll) : unauthenticated;
    if (!refused) return reply.code(httpStatus.noContent).send();
    const correlationId = request.headers['x-ms-correlation-id']?.toString() ?? context.random.guid();
    return reply.code(refused.status).send(presentClientException(refused, correlationId));
  });
}

/** @returns why not, when it did not consent */
function consent(
  { directory }: TokenContext,
  caller: AdminCaller,
  appId: string,
  forAll: boolean,
): RefusedCall | undefined {
  if (caller.kind !== 'person') return notAdministrator;
  const { tenant, user } = caller;
  if (!forAll) return badRequest('Only consent on behalf of all is here: onBehalfOfAll=true.');
  const application = findApplicationByAppId(directory, appId);
  const isKnown =
    application?.tenantId === tenant.id ||
    findServicePrincipalByAppId(directory, tenant.id, appId) !== undefined;
  if (!application || !isKnown) return notFound(appId);
  const listed = listPermissions(directory, tenant, application);
  if (!listed.complete) return notFound(listed.resourceAppId);
  const { requested } = listed;
  if (!mayGrantRoles(user, requested)) return notAdministrator;
  recordConsent(directory, { application, user, requested, forOrganization: true, roles: 'granted' });
  return undefined;
}

function badRequest(message: string): RefusedCall {
  return { status: httpStatus.badRequest, reason: 'BadRequest', code: 'Request_BadRequest', message };
}

function notFound(id: string): RefusedCall {
  return {
    status: httpStatus.notFound,
    reason: 'NotFound',
    code: 'Request_ResourceNotFound',
    message: `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  };
}
