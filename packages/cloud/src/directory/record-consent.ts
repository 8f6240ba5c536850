import { createAppRoleAssignment, listAppRoleAssignments } from './app-role-assignments.ts';
import type { AppRole, PermissionScope } from './application-document.ts';
import type { Application } from './applications.ts';
import { decideConsentRequests } from './consent-requests.ts';
import { installApplication } from './install-application.ts';
import type { Directory } from './open-directory.ts';
import { consentToScopes, grantedScopes } from './permission-grants.ts';
import type { ServicePrincipal } from './service-principals.ts';
import type { User } from './users.ts';

/** Permissions on one API that consent is asked for. */
export interface RequestedPermissions {
  resource: ServicePrincipal;
  scopes: readonly PermissionScope[];
  roles: readonly AppRole[];
}

/**
 * Stores a consent, making the client's service principal where there is none: for one person, or for everybody.
 * Application permissions are granted only with `roles`, since they concern no person.
 */
export function recordConsent(
  directory: Directory,
  {
    application,
    user,
    requested,
    forOrganization,
    roles,
  }: {
    application: Application;
    user: User;
    requested: readonly RequestedPermissions[];
    forOrganization: boolean;
    roles: 'granted' | 'left_out';
  },
): void {
  directory.transaction(() => {
    const client = installApplication(directory, user.tenantId, application);
    for (const permissions of requested) {
      const given = grantedScopes(directory, {
        clientId: client.id,
        resourceId: permissions.resource.id,
        userId: user.id,
      });
      const scopes = permissions.scopes
        .map((scope) => scope.value)
        .filter((value) => forOrganization || !given.has(value));
      if (scopes.length > 0) {
        consentToScopes(directory, {
          tenantId: user.tenantId,
          clientId: client.id,
          resourceId: permissions.resource.id,
          consentType: forOrganization ? 'AllPrincipals' : 'Principal',
          principalId: forOrganization ? null : user.id,
          scopes,
        });
      }
      if (roles === 'granted') assignRoles(directory, client.id, user.tenantId, permissions);
    }
    if (forOrganization) {
      decideConsentRequests(
        directory,
        { tenantId: user.tenantId, appId: application.appId },
        'Approve',
        user.id,
      );
    }
  });
}

function assignRoles(
  directory: Directory,
  principalId: string,
  tenantId: string,
  permissions: RequestedPermissions,
): void {
  const held = new Set(
    listAppRoleAssignments(directory, principalId, permissions.resource.id).map((item) => item.appRoleId),
  );
  for (const role of permissions.roles.filter((candidate) => !held.has(candidate.id))) {
    createAppRoleAssignment(directory, {
      tenantId,
      appRoleId: role.id,
      principalId,
      principalType: 'ServicePrincipal',
      resourceId: permissions.resource.id,
    });
  }
}
