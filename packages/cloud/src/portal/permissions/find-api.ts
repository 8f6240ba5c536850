import type { AppRole, PermissionScope } from '../../directory/application-document.ts';
import { findApplicationByAppId } from '../../directory/applications.ts';
import { offeredRoles, offeredScopes } from '../../directory/offered-permissions.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import { resourceNotFound } from '../../graph/errors/graph-error.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';

/** What offers permissions: a service that the directory has, or an application of its own. */
export interface OfferedApi {
  appId: string;
  displayName: string;
  scopes: readonly PermissionScope[];
  roles: readonly AppRole[];
}

/** The API with a client id. @throws GraphError 404 when the person's directory has none */
export function findApi(
  { context: { directory }, session: { tenant } }: PortalVisit,
  appId: string,
): OfferedApi {
  const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
  if (principal) return offeredBy(principal);
  const application = findApplicationByAppId(directory, appId);
  if (application?.tenantId !== tenant.id) throw resourceNotFound(appId);
  const { displayName, document } = application;
  const { api, appRoles } = document;
  return { appId: application.appId, displayName, scopes: api.oauth2PermissionScopes, roles: appRoles };
}

/** What a service of the directory offers. */
export function offeredBy(principal: ServicePrincipal): OfferedApi {
  const { appId, displayName } = principal;
  return { appId, displayName, scopes: offeredScopes(principal), roles: offeredRoles(principal) };
}

/** A permission that an API offers, delegated (`Scope`) or application (`Role`). */
export interface OfferedPermission {
  id: string;
  type: 'Scope' | 'Role';
  value: string;
  title: string;
  description: string;
  needsAdministrator: boolean;
}

/** What an API offers to applications: its enabled scopes, then its enabled application roles. */
export function offeredPermissions(api: Pick<OfferedApi, 'scopes' | 'roles'>): OfferedPermission[] {
  const scopes = api.scopes
    .filter((scope) => scope.isEnabled)
    .map(
      (scope): OfferedPermission => ({
        id: scope.id,
        type: 'Scope',
        value: scope.value,
        title: scope.adminConsentDisplayName,
        description: scope.adminConsentDescription,
        needsAdministrator: scope.type === 'Admin',
      }),
    );
  const roles = api.roles
    .filter((role) => role.isEnabled && role.allowedMemberTypes.includes('Application'))
    .map(
      (role): OfferedPermission => ({
        id: role.id,
        type: 'Role',
        value: role.value,
        title: role.displayName,
        description: role.description,
        needsAdministrator: true,
      }),
    );
  return [...scopes, ...roles];
}
