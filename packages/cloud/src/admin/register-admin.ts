import type { FastifyInstance } from 'fastify';
import { httpStatus } from '../ground/http-status.ts';
import type { TokenContext } from '../jwt/token-context.ts';
import { registerAdminConsent } from './directory-pages/register-admin-consent.ts';
import { AdminError, notThere } from './errors/admin-error.ts';
import { registerPowerPlatform } from './power-platform/register-power-platform.ts';
import { registerResourceManager } from './resource-manager/register-resource-manager.ts';

/**
 * The APIs by which tenants are administered, as far as programs for Dynamics 365 come by them: Azure Resource Manager
 * at a sign-in, the consent call of the Azure portal, Power Platform's list of environments. Each has a name of its own
 * in Microsoft's cloud; on this machine they share two ports.
 */
export function registerAdmin(app: FastifyInstance, context: TokenContext): void {
  app.removeAllContentTypeParsers();
  // None of the calls looks at a body.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, _body, done) => done(null));
  app.setErrorHandler((failure, _request, reply) => {
    const { status, code, message } = toAdminError(failure);
    return reply.code(status).send({ error: { code, message } });
  });
  app.setNotFoundHandler(({ url }) => {
    throw notThere(url);
  });
  app.register(async (scope) => registerResourceManager(scope, context));
  app.register(async (scope) => registerAdminConsent(scope, context));
  app.register(async (scope) => registerPowerPlatform(scope, context));
}

function toAdminError(failure: unknown): AdminError {
  if (failure instanceof AdminError) return failure;
  // Fastify's own refusals: a media type that is none, a body too large.
  if (isRefusal(failure)) return new AdminError(failure.statusCode, 'BadRequest', failure.message);
  return new AdminError(
    httpStatus.serverError,
    'InternalServerError',
    'An unexpected error occurred in the local cloud.',
  );
}

function isRefusal(failure: unknown): failure is Error & { statusCode: number } {
  if (!(failure instanceof Error && 'statusCode' in failure)) return false;
  return typeof failure.statusCode === 'number' && failure.statusCode < httpStatus.serverError;
}
