import { createAppRoleAssignment, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import { decideConsentRequests } from '../../directory/consent-requests.ts';
import { installApplication } from '../../directory/install-application.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { consentToScopes, grantedScopes } from '../../directory/permission-grants.ts';
import type { User } from '../../directory/users.ts';
import type { PermissionAsk } from './permission-ask.ts';

/**
 * Stores a consent, making the client's service principal where there is none: for one person, or for everybody.
 * Application permissions are granted only with `roles`, since they concern no person.
 */
export function recordConsent(
  directory: Directory,
  {
    application,
    user,
    asks,
    forOrganization,
    roles,
  }: {
    application: Application;
    user: User;
    asks: readonly PermissionAsk[];
    forOrganization: boolean;
    roles: 'granted' | 'left_out';
  },
): void {
  directory.transaction(() => {
    const client = installApplication(directory, user.tenantId, application);
    for (const ask of asks) {
      const given = grantedScopes(directory, {
        clientId: client.id,
        resourceId: ask.resource.id,
        userId: user.id,
      });
      const scopes = ask.scopes
        .map((scope) => scope.value)
        .filter((value) => forOrganization || !given.has(value));
      if (scopes.length > 0) {
        consentToScopes(directory, {
          tenantId: user.tenantId,
          clientId: client.id,
          resourceId: ask.resource.id,
          consentType: forOrganization ? 'AllPrincipals' : 'Principal',
          principalId: forOrganization ? null : user.id,
          scopes,
        });
      }
      if (roles === 'granted') assignRoles(directory, client.id, user.tenantId, ask);
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

function assignRoles(directory: Directory, principalId: string, tenantId: string, ask: PermissionAsk): void {
  const held = new Set(
    listAppRoleAssignments(directory, principalId, ask.resource.id).map((item) => item.appRoleId),
  );
  for (const role of ask.roles.filter((candidate) => !held.has(candidate.id))) {
    createAppRoleAssignment(directory, {
      tenantId,
      appRoleId: role.id,
      principalId,
      principalType: 'ServicePrincipal',
      resourceId: ask.resource.id,
    });
  }
}
