import { wellKnownIds } from '@latchkey/microsoft';
import { microsoftServices } from './microsoft-services.ts';

const services: ReadonlySet<string> = new Set(microsoftServices.map(({ appId }) => appId));

/**
 * Clients that Microsoft has authorised for Graph ahead: no consent is asked, and the token carries these
 * scopes whatever was requested.
 */
const preauthorizedGraphScopes: Readonly<Record<string, readonly string[]>> = {
  [wellKnownIds.azureCli]: ['Directory.AccessAsUser.All', 'User.Read'],
  [wellKnownIds.azurePowerShell]: ['Directory.AccessAsUser.All', 'User.Read'],
  [wellKnownIds.dynamicsDevelopmentTools]: ['User.Read'],
  [wellKnownIds.azurePortal]: ['Directory.AccessAsUser.All', 'User.Read'],
};

/** The services at which the permission to act as the person is called `User`. */
const namedUser: ReadonlySet<string> = new Set([wellKnownIds.powerApps, wellKnownIds.powerAutomate]);

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
  if (!services.has(resourceAppId)) return new Set();
  return new Set([namedUser.has(resourceAppId) ? 'User' : 'user_impersonation']);
}
