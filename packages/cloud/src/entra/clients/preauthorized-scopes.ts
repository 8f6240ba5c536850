import { wellKnownIds } from '@latchkey/microsoft';
import { preauthorizedGraphScopes } from '../../directory/first-party.ts';

/** The services whose one permission is to act as the person. */
const impersonated: ReadonlySet<string> = new Set([
  wellKnownIds.dynamicsCrm,
  wellKnownIds.azureServiceManagement,
]);

/**
 * The scopes that Microsoft gave a client of its own ahead of any consent; undefined for all other clients. Such a
 * client can be given no more (AADSTS65002).
 */
export function preauthorizedScopes(
  clientAppId: string,
  resourceAppId: string,
): ReadonlySet<string> | undefined {
  const graphScopes = preauthorizedGraphScopes[clientAppId];
  if (!graphScopes) return undefined;
  if (resourceAppId === wellKnownIds.microsoftGraph) return new Set(graphScopes);
  return new Set(impersonated.has(resourceAppId) ? ['user_impersonation'] : []);
}
