import { isGuid, wellKnownIds } from '@latchkey/microsoft';
import type { ExpectedClaims, TokenClaims } from '../provider.ts';

/** The one delegated permission that Dynamics CRM offers. */
const delegatedScope = 'user_impersonation';

/**
 * Tells whether an access token is one for this environment: `aud` is its address (or the application id of Dynamics
 * CRM), `tid` the tenant, and a person's token carries `user_impersonation`.
 *
 * @param claims null for a token that can't be read
 * @returns a sentence that says what is wrong, or null when nothing is
 */
export function checkTokenClaims(claims: TokenClaims | null, expected: ExpectedClaims): string | null {
  if (claims === null)
    return 'The access token is no JWT, so it is not one of Microsoft Entra ID for Dynamics 365.';
  const { audience, tenantId, scopes } = claims;
  if (!isAudience(audience, expected.environmentUrl)) {
    return `The token is for ${audience ?? 'nothing'}; it has to be for ${expected.environmentUrl}.`;
  }
  if (
    expected.tenantId !== null &&
    isGuid(expected.tenantId) &&
    tenantId?.toLowerCase() !== expected.tenantId.toLowerCase()
  ) {
    return `The token is of the tenant ${tenantId ?? 'unknown'}; the environment belongs to ${expected.tenantId}.`;
  }
  if ((expected.delegated || scopes.length > 0) && !scopes.includes(delegatedScope)) {
    return `The token lacks the permission ${delegatedScope}; it has ${scopes.join(', ') || 'none'}.`;
  }
  return null;
}

/** The audience comes back as it was asked for: with or without a slash; the Web API's host means the same. */
function isAudience(audience: string | null, environmentUrl: string): boolean {
  if (audience === null) return false;
  if (audience === environmentUrl) return true;
  if (audience.replace(/^spn:/, '').toLowerCase() === wellKnownIds.dynamicsCrm) return true;
  if (!URL.canParse(audience)) return false;
  const url = new URL(audience);
  const isBare = url.pathname.replaceAll('/', '') === '' && url.search === '' && url.hash === '';
  return isBare && withoutApiHost(url) === withoutApiHost(new URL(environmentUrl));
}

function withoutApiHost(url: URL): string {
  return `${url.protocol}//${url.host.replace(/^([^.]+)\.api\./, '$1.')}`;
}
