import { aadsts, wellKnownIds } from '@latchkey/microsoft';
import type { Application } from '../../directory/applications.ts';
import { listPermissions } from '../../directory/listed-permissions.ts';
import { offeredScopes } from '../../directory/offered-permissions.ts';
import type { Directory } from '../../directory/open-directory.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { EntraError } from '../errors/entra-error.ts';
import type { SignInScope } from '../resources/parse-scope.ts';

/**
 * What an application's registration lists (`requiredResourceAccess`), as it stands in a tenant.
 *
 * @throws EntraError 650052 when the tenant lacks one of the APIs, 650054 when one was deleted
 */
export function listedPermissions(
  directory: Directory,
  tenant: Tenant,
  application: Application,
): RequestedPermissions[] {
  const listed = listPermissions(directory, tenant, application);
  if (listed.complete) return listed.requested;
  const { resourceAppId, wasDeleted } = listed;
  if (wasDeleted) throw new EntraError(aadsts.requestedResourceRemoved, { name: application.displayName });
  throw new EntraError(aadsts.organizationLacksServicePrincipal, {
    resource: resourceAppId,
    name: resourceAppId,
    tenant: tenant.id,
  });
}

/** Adds `openid`, `profile` and their kin, which are delegated permissions of Microsoft Graph. */
export function withSignInScopes(
  directory: Directory,
  tenant: Tenant,
  requested: readonly RequestedPermissions[],
  signIn: ReadonlySet<SignInScope>,
): RequestedPermissions[] {
  const graph = findServicePrincipalByAppId(directory, tenant.id, wellKnownIds.microsoftGraph);
  if (!graph || signIn.size === 0) return [...requested];
  const names: ReadonlySet<string> = signIn;
  const added = offeredScopes(graph).filter((scope) => names.has(scope.value));
  const onGraph = requested.find((permissions) => permissions.resource.id === graph.id);
  if (!onGraph) return [...requested, { resource: graph, scopes: added, roles: [] }];
  return requested.map((permissions) =>
    permissions === onGraph
      ? { ...permissions, scopes: [...new Set([...permissions.scopes, ...added])] }
      : permissions,
  );
}
