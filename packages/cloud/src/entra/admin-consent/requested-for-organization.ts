import type { Application } from '../../directory/applications.ts';
import type { RequestedPermissions } from '../../directory/record-consent.ts';
import type { Tenant } from '../../directory/tenants.ts';
import { listedPermissions, withSignInScopes } from '../consent/listed-permissions.ts';
import type { EntraContext } from '../entra-context.ts';
import { parseScope } from '../resources/parse-scope.ts';
import { resolveScope } from '../resources/resolve-scope.ts';

/**
 * What an administrator is asked to grant: without a scope (v1) and with `.default` everything that the
 * registration lists, application permissions included; else the scopes named, of any number of APIs.
 */
export function requestedForOrganization(
  { directory, addresses }: Pick<EntraContext, 'directory' | 'addresses'>,
  { application, tenant, scope }: { application: Application; tenant: Tenant; scope: string | null },
): RequestedPermissions[] {
  if (scope === null) return listedPermissions(directory, tenant, application);
  const { scopes, signIn } = parseScope(scope);
  const byResource = Map.groupBy(scopes, (item) => item.resource);
  const resolved = [...byResource.values()].map((items) =>
    resolveScope({ directory, addresses }, { application, tenant }, items.map((item) => item.text).join(' ')),
  );
  const requested = resolved.some((item) => item.isDefault)
    ? listedPermissions(directory, tenant, application)
    : resolved.map((item) => ({ resource: item.resource.principal, scopes: item.scopes, roles: [] }));
  return withSignInScopes(directory, tenant, requested, signIn);
}
