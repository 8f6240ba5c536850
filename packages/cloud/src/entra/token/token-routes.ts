import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { originOf } from '../../cloud-context.ts';
import { readClientCredentials } from '../clients/read-client-credentials.ts';
import type { EntraContext } from '../entra-context.ts';
import type { EndpointVersion } from '../errors/describe-error.ts';
import { EntraError } from '../errors/entra-error.ts';
import { clientRequestId } from '../errors/trace-request.ts';
import { findAssertionKeys } from '../federation/find-assertion-keys.ts';
import { formOf } from '../http/form-body.ts';
import { requireParameter } from '../http/parse-form.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import { grantClientCredentials } from './grant-client-credentials.ts';
import { grantOnBehalfOf } from './grant-on-behalf-of.ts';
import { grantPassword } from './grant-password.ts';
import { redeemAuthorizationCode } from './redeem-authorization-code.ts';
import { redeemDeviceCode } from './redeem-device-code.ts';
import { redeemRefreshToken } from './redeem-refresh-token.ts';
import type { TokenRequest } from './token-request.ts';

type Grant = (context: EntraContext, request: TokenRequest) => Promise<Readonly<Record<string, unknown>>>;

const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['authorization_code', redeemAuthorizationCode],
  ['refresh_token', redeemRefreshToken],
  ['client_credentials', grantClientCredentials],
  ['password', grantPassword],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', grantOnBehalfOf],
  ['device_code', redeemDeviceCode],
  ['urn:ietf:params:oauth:grant-type:device_code', redeemDeviceCode],
]);

const endpoints: readonly { version: EndpointVersion; path: string }[] = [
  { version: 1, path: '/:tenant/oauth2/token' },
  { version: 2, path: '/:tenant/oauth2/v2.0/token' },
];
const noContent = 204;

/** The token endpoints of both generations. */
export function registerTokenRoutes(app: FastifyInstance, context: EntraContext): void {
  for (const { version, path } of endpoints) {
    app.post<{ Params: { tenant: string } }>(path, { config: { version } }, async (request, reply) => {
      const answer = await answerTokenRequest(context, version, request);
      setAnswerHeaders(context, request, reply);
      return answer;
    });
    app.get(path, { config: { version } }, () => {
      throw new EntraError(900561, { method: 'POST, OPTIONS', received: 'GET' });
    });
    app.options(path, (request, reply) => {
      allowOrigin(request, reply);
      return reply
        .code(noContent)
        .header('access-control-allow-methods', 'POST, OPTIONS')
        .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
        .send();
    });
  }
}

async function answerTokenRequest(
  context: EntraContext,
  version: EndpointVersion,
  request: FastifyRequest<{ Params: { tenant: string } }>,
): ReturnType<Grant> {
  const { tenant } = request.params;
  const tenantScope = context.tenantScopes(tenant, () => resolveTenant(context.directory, tenant));
  const form = formOf(request);
  const grantType = requireParameter(form, 'grant_type');
  const grant = grants.get(grantType);
  if (!grant) throw new EntraError(70003, { grantType });
  const credentials = readClientCredentials(form, request.headers.authorization);
  return grant(context, {
    version,
    origin: originOf(context.addresses.entra, request),
    tenantScope,
    credentials,
    issuerKeys:
      credentials.assertion === undefined ? undefined : await findAssertionKeys(context, credentials),
    form,
    ipAddress: request.ip,
    browserOrigin: request.headers.origin,
  });
}

function setAnswerHeaders(context: EntraContext, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('cache-control', 'no-store, no-cache');
  reply.header('pragma', 'no-cache');
  reply.header('x-ms-request-id', context.random.guid());
  if (request.headers['return-client-request-id'] === 'true') {
    const id = clientRequestId(request);
    if (id) reply.header('client-request-id', id);
  }
  allowOrigin(request, reply);
}

/** Pages of single page apps may read the answer; who may redeem is decided by the grant. */
function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  if (origin) reply.header('access-control-allow-origin', origin).header('vary', 'Origin');
}
