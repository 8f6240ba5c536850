import { wellKnownIds } from '@latchkey/microsoft';
import type { AppRole, PermissionScope } from './application-document.ts';
import { microsoftPermissions } from './first-party/microsoft-permissions.ts';
import type { ServicePrincipal } from './service-principals.ts';

/** What can be asked for at a service principal: Microsoft's own permissions, and what its document adds. */
type Offering = Pick<ServicePrincipal, 'tenantId' | 'appId' | 'document'>;

/** What a personal account can let an app do here, all of it on Microsoft Graph. */
const personalScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  'User.Read',
]);

/** The delegated permissions of an API in a tenant. */
export function offeredScopes(principal: Offering): readonly PermissionScope[] {
  const own = principal.document.oauth2PermissionScopes;
  const scopes = microsoftPermissions(principal.appId)?.scopes;
  if (!scopes) return own;
  if (isOfPeople(principal)) return scopes.filter(({ value }) => personalScopes.has(value));
  return own.length === 0 ? scopes : [...scopes, ...own];
}

/** The roles of an API in a tenant: those for apps ("application permissions") and those for people. */
export function offeredRoles(principal: Offering): readonly AppRole[] {
  const own = principal.document.appRoles;
  const roles = isOfPeople(principal) ? undefined : microsoftPermissions(principal.appId)?.roles;
  if (!roles) return own;
  return own.length === 0 ? roles : [...roles, ...own];
}

/** The enabled scope with a value, in any case. */
export function findOfferedScope(principal: Offering, value: string): PermissionScope | undefined {
  const name = value.toLowerCase();
  const permissions = microsoftPermissions(principal.appId);
  const scope = permissions?.scopesByValue.get(name);
  if (permissions && isOfPeople(principal))
    return scope && personalScopes.has(scope.value) ? scope : undefined;
  return (
    scope ??
    principal.document.oauth2PermissionScopes.find((own) => own.isEnabled && own.value.toLowerCase() === name)
  );
}

/** Whether this is an API as personal accounts have it. */
function isOfPeople({ tenantId }: Offering): boolean {
  return tenantId === wellKnownIds.personalAccountTenant;
}
