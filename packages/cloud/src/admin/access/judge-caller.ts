import { findServiceByAddress } from '../../directory/first-party/microsoft-services.ts';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { verifyAccessToken } from '../../jwt/verify-access-token.ts';

/** Who calls: a person through an app, or an app by itself. */
export type AdminCaller =
  | { kind: 'person'; tenant: Tenant; user: User }
  | { kind: 'application'; tenant: Tenant; principalId: string };

const bearer = /^bearer +(\S+) *$/i;

/**
 * Finds out who calls by the bearer token (RFC 6750 §2.1).
 *
 * @param appId the service that the token has to be for, named by its id or by one of its addresses
 * @returns undefined when the token is missing, for another service, or not good
 */
export function judgeCaller(
  context: TokenContext,
  appId: string,
  authorization: string | undefined,
): AdminCaller | undefined {
  const verdict = verifyAccessToken(context, bearer.exec(authorization ?? '')?.[1]);
  if (!verdict.valid) return undefined;
  const { aud, tid, oid, scp } = verdict.claims;
  const audience = aud.toLowerCase().replace(/\/$/, '');
  if (audience !== appId && findServiceByAddress(audience) !== appId) return undefined;
  const tenant = findTenant(context.directory, tid);
  if (!tenant) return undefined;
  if (scp === undefined) {
    const principal = findServicePrincipal(context.directory, tenant.id, oid);
    return principal && { kind: 'application', tenant, principalId: principal.id };
  }
  const user = findUser(context.directory, oid);
  return user?.tenantId === tenant.id ? { kind: 'person', tenant, user } : undefined;
}
