import { aadsts } from '@latchkey/microsoft';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { originOf } from '../../service-origins.ts';
import { allowOrigin, answerPreflight } from '../../web/allow-origin.ts';
import { formOf } from '../../web/form-body.ts';
import { readClientAssertion } from '../clients/read-client-assertion.ts';
import { readClientCredentials } from '../clients/read-client-credentials.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { EndpointVersion } from '../errors/present-error.ts';
import { requireParameter } from '../http/require-parameter.ts';
import { resolveTenant } from '../tenants/resolve-tenant.ts';
import { grantClientCredentials } from './grants/grant-client-credentials.ts';
import { grantOnBehalfOf } from './grants/grant-on-behalf-of.ts';
import { grantPassword } from './grants/grant-password.ts';
import { redeemAuthorizationCode } from './grants/redeem-authorization-code.ts';
import { redeemDeviceCode } from './grants/redeem-device-code.ts';
import { redeemRefreshToken } from './grants/redeem-refresh-token.ts';
import type { TokenEndpointContext, TokenRequest } from './token-request.ts';

type Grant = (
  context: TokenEndpointContext,
  request: TokenRequest,
) => Promise<Readonly<Record<string, unknown>>>;

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

/** The token endpoints of both generations. */
export function registerTokenRoutes(app: FastifyInstance, context: TokenEndpointContext): void {
  for (const { version, path } of endpoints) {
    app.post<{ Params: { tenant: string } }>(path, { config: { version } }, async (request, reply) => {
      const answer = await answerTokenRequest(context, version, request);
      reply.header('cache-control', 'no-store, no-cache').header('pragma', 'no-cache');
      allowOrigin(request, reply);
      return answer;
    });
    answerPreflight(app, path, 'POST, OPTIONS');
  }
}

async function answerTokenRequest(
  context: TokenEndpointContext,
  version: EndpointVersion,
  request: FastifyRequest<{ Params: { tenant: string } }>,
): ReturnType<Grant> {
  const { tenant } = request.params;
  const tenantScope = context.tenantScopes(tenant, () => resolveTenant(context.directory, tenant));
  // Personal accounts are served by v2 alone.
  if (version === 1 && tenantScope.kind === 'consumers')
    throw new EntraError(aadsts.apiVersionNotForPersonalAccount);
  const form = formOf(request);
  const grantType = requireParameter(form, 'grant_type');
  const grant = grants.get(grantType);
  if (!grant) throw new EntraError(aadsts.unsupportedGrantType, { grantType });
  const credentials = readClientCredentials(form, request.headers.authorization);
  const { clientId } = credentials;
  if (context.replication.isUnderWay(clientId.toLowerCase())) {
    throw new EntraError(aadsts.unknownClient, { appId: clientId, tenant });
  }
  return grant(context, {
    version,
    origin: originOf(context.addresses.entra, request),
    tenantScope,
    credentials,
    assertion:
      credentials.assertion === undefined
        ? undefined
        : await readClientAssertion(context, credentials, tenantScope),
    form,
    ipAddress: request.ip,
    browserOrigin: request.headers.origin,
  });
}
