import { aadsts } from '@latchkey/microsoft';
import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import type { Directory } from '../../directory/open-directory.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import type { Tenant } from '../../directory/tenants.ts';
import type { User } from '../../directory/users.ts';
import { EntraError } from '../errors/entra-error.ts';

/**
 * "Assignment required": only people who were assigned to the application sign in to it.
 *
 * @throws EntraError 50105
 */
export function requireAssignment(
  directory: Directory,
  { appId, displayName }: Application,
  tenant: Tenant,
  user: User,
): void {
  const principal = findServicePrincipalByAppId(directory, tenant.id, appId);
  if (!principal?.document.appRoleAssignmentRequired) return;
  if (listAppRoleAssignments(directory, user.id, principal.id).length > 0) return;
  throw new EntraError(aadsts.userNotAssignedToApp, {
    appId,
    name: displayName,
    user: user.userPrincipalName,
  });
}
