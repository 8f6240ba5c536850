import type { IncomingMessage, ServerResponse } from 'node:http';
import { nationalClouds, wellKnownIds } from '@latchkey/microsoft';
import type { CloudContext } from '../../cloud-context.ts';
import { azureManagementOrigins } from '../../directory/first-party/microsoft-services.ts';
import { findTenant } from '../../directory/tenants.ts';
import { httpStatus } from '../../ground/http-status.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { type AccessTokenClaims, verifyAccessToken } from '../../jwt/verify-access-token.ts';

const bearerScheme = /^bearer +(\S+)$/i;

/**
 * Of Azure Resource Manager what a client asks for when somebody signs in: `/metadata/endpoints` without a token, then
 * the person's tenants and their subscriptions, of which there are none. The rest of Azure is not here.
 */
export function answerResourceManager(
  context: Pick<TokenContext, 'directory' | 'addresses' | 'signingKeys' | 'clock'>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const [path = ''] = (request.url ?? '').split('?', 1);
  if (path === '/metadata/endpoints') {
    sendJson(response, 200, presentEndpoints());
    return;
  }
  const claims = claimsOf(context, request.headers.authorization);
  if (!claims) {
    response.setHeader(
      'www-authenticate',
      `Bearer authorization_uri="${nationalClouds.global.authority}/", error="invalid_token", error_description="The authentication failed because of missing 'Authorization' header."`,
    );
    const message = "Authentication failed. The 'Authorization' header is missing or invalid.";
    sendJson(response, httpStatus.unauthorized, { error: { code: 'AuthenticationFailed', message } });
    return;
  }
  if (path === '/tenants') {
    sendJson(response, 200, { value: presentTenant(context, claims.tid) });
    return;
  }
  if (path === '/subscriptions') {
    sendJson(response, 200, { value: [], count: { type: 'Total', value: 0 } });
    return;
  }
  const message = `The local Microsoft cloud has no Azure Resource Manager: '${path}' is not there.`;
  sendJson(response, httpStatus.notFound, { error: { code: 'NotFound', message } });
}

function presentEndpoints(): object {
  return {
    portalEndpoint: 'https://portal.azure.com',
    authentication: {
      loginEndpoint: nationalClouds.global.authority,
      audiences: ['https://management.core.windows.net/', 'https://management.azure.com/'],
    },
  };
}

function claimsOf(
  context: Parameters<typeof verifyAccessToken>[0],
  authorization: string | undefined,
): AccessTokenClaims | undefined {
  const verdict = verifyAccessToken(context, bearerScheme.exec(authorization ?? '')?.[1]);
  if (!verdict.valid) return undefined;
  const audience = verdict.claims.aud.replace(/\/$/, '');
  const isFor = [...azureManagementOrigins, wellKnownIds.azureServiceManagement].includes(audience);
  return isFor ? verdict.claims : undefined;
}

function presentTenant({ directory }: Pick<CloudContext, 'directory'>, tenantId: string): object[] {
  const tenant = findTenant(directory, tenantId);
  if (!tenant) return [];
  const { id, displayName, domains } = tenant;
  const [defaultDomain = ''] = domains;
  return [
    {
      id: `/tenants/${id}`,
      tenantId: id,
      displayName,
      defaultDomain,
      domains,
      tenantCategory: 'Home',
      tenantType: 'AAD',
    },
  ];
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
