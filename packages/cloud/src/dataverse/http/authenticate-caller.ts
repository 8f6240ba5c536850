import { wellKnownIds } from '@latchkey/microsoft';
import type { Environment } from '../../directory/environments.ts';
import { originsOfEnvironment } from '../../environment-origins.ts';
import type { TokenContext } from '../../jwt/token-context.ts';
import { type AccessTokenClaims, verifyAccessToken } from '../../jwt/verify-access-token.ts';

/** The delegated permission of "Dynamics CRM": without it a person's token is not for this service. */
const requiredScope = 'user_impersonation';

export type TokenVerdict =
  | { accepted: true; claims: AccessTokenClaims }
  | { accepted: false; reason: string };

/**
 * Checks the bearer token of a request: signature and life, then audience (any address of the environment,
 * with or without slash, or the service's own id), tenant and permission.
 *
 * @param authorization the header as sent
 */
export function authenticateCaller(
  context: TokenContext,
  environment: Environment,
  authorization: string | undefined,
): TokenVerdict {
  const verdict = checkBearerToken(context, originsOfEnvironment(context, environment), authorization);
  if (verdict.accepted && verdict.claims.tid !== environment.tenantId) {
    return { accepted: false, reason: 'wrong_tenant' };
  }
  return verdict;
}

/**
 * Checks a bearer token for Dynamics 365, whatever its tenant.
 *
 * @param origins those that the token may be for, beside the service's own id
 */
export function checkBearerToken(
  context: TokenContext,
  origins: readonly string[],
  authorization: string | undefined,
): TokenVerdict {
  const verdict = verifyAccessToken(context, /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]);
  if (!verdict.valid) return { accepted: false, reason: verdict.reason };
  const { claims } = verdict;
  if (![...origins, wellKnownIds.dynamicsCrm].includes(claims.aud.replace(/\/$/, ''))) {
    return { accepted: false, reason: 'wrong_audience' };
  }
  const scopes = claims.scp?.split(' ');
  if (scopes && !scopes.includes(requiredScope)) return { accepted: false, reason: 'missing_scope' };
  return { accepted: true, claims };
}

/**
 * The challenge of a 401: values without quotes, the resource with a slash at its end. Clients learn tenant
 * and resource from it before they have a token (Dataverse "Authenticate to Dataverse with the Web API").
 *
 * @param tenant its id, or `common`
 * @param entraOrigin where the token service is reached over the scheme of the request
 * @param crmOrigin the address through which the request came
 */
export function bearerChallenge(
  tenant: string,
  { entraOrigin, crmOrigin }: { entraOrigin: string; crmOrigin: string },
): string {
  return `Bearer authorization_uri=${entraOrigin}/${tenant}/oauth2/authorize, resource_id=${crmOrigin}/`;
}
