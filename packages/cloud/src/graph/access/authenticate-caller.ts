import { wellKnownIds } from '@latchkey/microsoft';
import { findServicePrincipal } from '../../directory/service-principals.ts';
import { findTenant, type Tenant } from '../../directory/tenants.ts';
import { findUser, type User } from '../../directory/users.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { type AccessTokenVerdict, verifyAccessToken } from '../../jwt/verify-access-token.ts';
import { graphOrigins } from '../../microsoft-origins.ts';
import { GraphError } from '../errors/graph-error.ts';

/** Who calls: a person through an application (delegated), or an application by itself (app-only). */
export type Caller =
  | { kind: 'person'; tenant: Tenant; user: User; scopes: ReadonlySet<string> }
  | { kind: 'application'; tenant: Tenant; principalId: string; roles: ReadonlySet<string> };

type RejectionReason = Extract<AccessTokenVerdict, { valid: false }>['reason'];

const rejectionMessages: Record<RejectionReason, string> = {
  empty: 'Access token is empty.',
  malformed: 'CompactToken parsing failed with error code: 80049217',
  unknown_key: 'Access token validation failure. Invalid signature.',
  bad_signature: 'Access token validation failure. Invalid signature.',
  unknown_issuer: 'Access token validation failure. Invalid issuer.',
  expired: 'Access token has expired or is not yet valid.',
  not_yet_valid: 'Access token has expired or is not yet valid.',
};

/**
 * Finds out who calls by the bearer token (RFC 6750 §2.1).
 *
 * @throws GraphError 401 `InvalidAuthenticationToken` when the token is missing, not for Graph or not good
 */
export function authenticateCaller(context: TokenContext, authorization: string | undefined): Caller {
  const verdict = verifyAccessToken(context, bearerToken(authorization));
  if (!verdict.valid) throw rejected(rejectionMessages[verdict.reason]);
  const { aud, tid, oid, scp, roles } = verdict.claims;
  if (!graphAudiences(context).includes(aud)) {
    throw rejected('Access token validation failure. Invalid audience.');
  }
  const tenant = findTenant(context.directory, tid);
  if (!tenant) throw rejected(`Access token validation failure. The tenant '${tid}' does not exist.`);
  if (scp === undefined) {
    if (!findServicePrincipal(context.directory, tenant.id, oid)) throw rejected(unknownIdentity(oid));
    return { kind: 'application', tenant, principalId: oid, roles: new Set(roles) };
  }
  const user = findUser(context.directory, oid);
  if (!user || user.tenantId !== tenant.id) throw rejected(unknownIdentity(oid));
  return { kind: 'person', tenant, user, scopes: new Set(scp.split(' ').filter(Boolean)) };
}

function bearerToken(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer +(\S+) *$/i)?.[1];
}

/** The names of Graph that a token may be for: Microsoft's and those of this cloud's listeners. */
function graphAudiences({ addresses }: TokenContext): string[] {
  const origins = [...graphOrigins, addresses.graph.http, addresses.graph.https];
  return [wellKnownIds.microsoftGraph, ...origins, ...origins.map((origin) => `${origin}/`)];
}

function rejected(message: string): GraphError {
  return new GraphError(401, 'InvalidAuthenticationToken', message);
}

function unknownIdentity(objectId: string): string {
  return `The identity of the calling application or user could not be established: '${objectId}' is not in the directory.`;
}
