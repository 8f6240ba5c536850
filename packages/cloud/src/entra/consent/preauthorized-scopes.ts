import { wellKnownIds } from '@latchkey/microsoft';
import { preauthorizedGraphScopes } from '../../directory/first-party.ts';

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
  return new Set(resourceAppId === wellKnownIds.dynamicsCrm ? ['user_impersonation'] : []);
}
