import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import { listPermissionGrants } from '../../directory/permission-grants.ts';
import { findServicePrincipalByAppId, type ServicePrincipal } from '../../directory/service-principals.ts';
import type { PortalVisit } from '../portal-visit.ts';

/** One permission that an application asks for, as the list shows it. */
export interface ListedPermission {
  id: string;
  resourceAppId: string;
  resourceName: string;
  /** Its name in a token, or its id where the API offers no such permission. */
  value: string;
  type: 'Delegated' | 'Application';
  description: string;
  needsAdministrator: boolean;
  /** An administrator gave it for everybody in the directory. */
  isGranted: boolean;
}

/** What an application asks for, with what was granted in the person's directory. */
export function listAskedPermissions(visit: PortalVisit, application: Application): ListedPermission[] {
  const { directory } = visit.context;
  const tenantId = visit.session.tenant.id;
  const client = findServicePrincipalByAppId(directory, tenantId, application.appId);
  return application.document.requiredResourceAccess.flatMap(({ resourceAppId, resourceAccess }) => {
    const resource = findServicePrincipalByAppId(directory, tenantId, resourceAppId);
    const granted = resource && client ? grantedOn(visit, client, resource) : noGrants;
    const common = { resourceAppId, resourceName: resource?.displayName ?? resourceAppId };
    return resourceAccess.map(({ id, type }): ListedPermission => {
      if (type === 'Scope') {
        const scope = resource?.document.oauth2PermissionScopes.find((offered) => offered.id === id);
        return {
          ...common,
          id,
          type: 'Delegated',
          value: scope?.value ?? id,
          description: scope?.adminConsentDisplayName ?? 'Unknown permission',
          needsAdministrator: scope?.type === 'Admin',
          isGranted: scope !== undefined && granted.scopes.has(scope.value),
        };
      }
      const role = resource?.document.appRoles.find((offered) => offered.id === id);
      return {
        ...common,
        id,
        type: 'Application',
        value: role?.value ?? id,
        description: role?.displayName ?? 'Unknown permission',
        needsAdministrator: true,
        isGranted: granted.roleIds.has(id),
      };
    });
  });
}

const noGrants = { scopes: new Set<string>(), roleIds: new Set<string>() };

function grantedOn(
  { context: { directory }, session: { tenant } }: PortalVisit,
  client: ServicePrincipal,
  resource: ServicePrincipal,
) {
  const grants = listPermissionGrants(directory, tenant.id).filter(
    ({ clientId, resourceId, consentType }) =>
      clientId === client.id && resourceId === resource.id && consentType === 'AllPrincipals',
  );
  return {
    scopes: new Set(grants.flatMap(({ scope }) => scope.split(' '))),
    roleIds: new Set(
      listAppRoleAssignments(directory, client.id, resource.id).map(({ appRoleId }) => appRoleId),
    ),
  };
}
