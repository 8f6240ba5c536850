import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpStatus } from '../../ground/http-status.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { originOf } from '../../service-origins.ts';
import { AdminError } from '../errors/admin-error.ts';
import { type AdminCaller, judgeCaller } from './judge-caller.ts';

/**
 * Finds out who calls, or says where to sign in.
 *
 * @throws AdminError 401 `AuthenticationFailed`
 */
export function requireCaller(
  context: TokenContext,
  appId: string,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): AdminCaller {
  const caller = judgeCaller(context, appId, request.headers.authorization);
  if (caller) return caller;
  const authority = originOf(context.addresses.entra, request);
  reply.header(
    'www-authenticate',
    `Bearer authorization_uri="${authority}/", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`,
  );
  throw new AdminError(
    httpStatus.unauthorized,
    'AuthenticationFailed',
    "Authentication failed. The 'Authorization' header is missing or invalid.",
  );
}
