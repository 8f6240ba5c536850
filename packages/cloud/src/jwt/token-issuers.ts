import { nationalClouds } from '@latchkey/microsoft';
import { authorityOrigins } from '../microsoft-origins.ts';
import type { ServiceOrigins } from '../service-origins.ts';

const chineseTokenService = 'https://sts.chinacloudapi.cn';
const tokenService = 'https://sts.windows.net';

/**
 * The issuer of v1-shaped tokens: Microsoft's token service, whatever host was asked; the Chinese cloud has its own.
 *
 * @param origin the origin through which the request came
 * @param tenant the id, or a discovery document's placeholder
 */
export function issuerV1(origin: string, tenant: string): string {
  return `${origin === nationalClouds.china.authority ? chineseTokenService : tokenService}/${tenant}/`;
}

/** The issuer of v2-shaped tokens: the authority that was asked. */
export function issuerV2(origin: string, tenant: string): string {
  return `${origin}/${tenant}/v2.0`;
}

/** Every issuer that a tenant's tokens may name, by whatever address they were asked for. */
export function tokenIssuers(entra: ServiceOrigins, tenantId: string): string[] {
  return [
    `${tokenService}/${tenantId}/`,
    `${chineseTokenService}/${tenantId}/`,
    ...[entra.http, entra.https, ...authorityOrigins].map((origin) => issuerV2(origin, tenantId)),
  ];
}
