import { aadsts } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../service-origins.ts';
import { allowOrigin, answerPreflight } from '../../web/allow-origin.ts';
import { formOf } from '../../web/form-body.ts';
import { type Parameters, parseQuery } from '../../web/parse-form.ts';
import { findApplicationForSignIn } from '../clients/find-client.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { requireParameter } from '../http/require-parameter.ts';
import { parseScope, requestedScope } from '../resources/parse-scope.ts';
import { refuseWorkApis, resolveScope } from '../resources/resolve-scope.ts';
import { createDeviceCode, deviceCodeSeconds } from '../stored/device-codes.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';

const pollSeconds = 5;

/** The device code endpoints (RFC 8628 §3.1): v1 takes GET too and answers numbers as strings. */
export function registerDeviceCodeRoutes(app: FastifyInstance, context: EntraContext): void {
  app.route<{ Params: { tenant: string } }>({
    method: ['GET', 'POST'],
    url: '/:tenant/oauth2/devicecode',
    config: { version: 1 },
    handler: (request, reply) => {
      const form = request.method === 'POST' ? formOf(request) : parseQuery(request.url);
      const { deviceCode, userCode, page } = beginDeviceSignIn(context, 1, request, form);
      return answer(request, reply, {
        user_code: userCode,
        device_code: deviceCode,
        verification_url: page,
        expires_in: String(deviceCodeSeconds),
        interval: String(pollSeconds),
        message: messageFor(page, userCode),
      });
    },
  });
  app.post<{ Params: { tenant: string } }>(
    '/:tenant/oauth2/v2.0/devicecode',
    { config: { version: 2 } },
    (request, reply) => {
      const { deviceCode, userCode, page } = beginDeviceSignIn(context, 2, request, formOf(request));
      return answer(request, reply, {
        user_code: userCode,
        device_code: deviceCode,
        verification_uri: page,
        expires_in: deviceCodeSeconds,
        interval: pollSeconds,
        message: messageFor(page, userCode),
      });
    },
  );
  answerPreflight(app, '/:tenant/oauth2/devicecode', 'GET, POST, OPTIONS');
  answerPreflight(app, '/:tenant/oauth2/v2.0/devicecode', 'POST, OPTIONS');
}

function beginDeviceSignIn(
  context: EntraContext,
  version: EndpointVersion,
  request: FastifyRequest<{ Params: { tenant: string } }>,
  form: Parameters,
): { deviceCode: string; userCode: string; page: string } {
  const { tenant } = request.params;
  const tenantScope = resolveTenant(context.directory, tenant);
  // Personal accounts are served by v2 alone.
  if (version === 1 && tenantScope.kind === 'consumers')
    throw new EntraError(aadsts.apiVersionNotForPersonalTenant);
  const application = findApplicationForSignIn(
    context.directory,
    requireParameter(form, 'client_id'),
    tenantScope,
  );
  const scope = requestedScope(version, form);
  if (scope === undefined)
    throw new EntraError(aadsts.missingParameter, { parameter: version === 1 ? 'resource' : 'scope' });
  parseScope(scope);
  if (tenantScope.kind === 'tenant') {
    resolveScope(context, { application, tenant: tenantScope.tenant }, scope);
  }
  if (tenantScope.kind === 'consumers') refuseWorkApis(context, application, scope);
  const codes = createDeviceCode(context, { clientId: application.appId, version, tenant, scope });
  return { ...codes, page: `${originOf(context.addresses.entra, request)}/devicelogin` };
}

function answer(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply {
  allowOrigin(request, reply);
  return reply.headers({ 'cache-control': 'no-store, no-cache', pragma: 'no-cache' }).send(body);
}

function messageFor(page: string, userCode: string): string {
  return `To sign in, use a web browser to open the page ${page} and enter the code ${userCode} to authenticate.`;
}
