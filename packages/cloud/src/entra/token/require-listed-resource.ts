import { aadsts } from '@latchkey/microsoft';
import type { Tenant } from '../../directory/tenants.ts';
import type { Client } from '../clients/find-client.ts';
import { preauthorizedScopes } from '../clients/preauthorized-scopes.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { refuseTokenForItself } from '../resources/refuse-token-for-itself.ts';
import { resolveScope } from '../resources/resolve-scope.ts';

/**
 * v1 gives tokens only for APIs that the registration lists, whatever was consented.
 *
 * @throws EntraError 650057, 90009 for the app itself, and 500011 for an unknown API
 */
export function requireListedResource(
  context: Pick<EntraContext, 'directory' | 'addresses'>,
  { application }: Client,
  tenant: Tenant,
  scope: string,
): void {
  const resolved = resolveScope(context, tenant, scope);
  refuseTokenForItself(application, resolved);
  const { resource, written } = resolved;
  // A sign-in alone asks for no API.
  if (written.length === 0) return;
  if (preauthorizedScopes(application.appId, resource.appId)) return;
  const isListed = application.document.requiredResourceAccess.some(
    (access) => access.resourceAppId.toLowerCase() === resource.appId,
  );
  if (isListed) return;
  throw new EntraError(aadsts.resourceNotListed, {
    appId: application.appId,
    name: application.displayName,
    resource: resource.audience,
  });
}
