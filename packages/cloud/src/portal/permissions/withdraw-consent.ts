import { deleteAppRoleAssignment, listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import type { Application } from '../../directory/applications.ts';
import {
  deletePermissionGrant,
  findEqualGrant,
  updatePermissionGrant,
} from '../../directory/permission-grants.ts';
import { findServicePrincipalByAppId } from '../../directory/service-principals.ts';
import { requireAppRoleAdministrator, requireConsentAdministrator } from '../../graph/access/person-rules.ts';
import type { PortalVisit } from '../visit/portal-visit.ts';
import type { ListedPermission } from './listed-permission.ts';

/**
 * Takes back what an administrator granted for everybody; what people granted for themselves stays. Tokens that were
 * issued live on until they end.
 *
 * @throws GraphError 403
 */
export function withdrawConsent(
  { context: { directory }, session: { tenant }, caller }: PortalVisit,
  application: Application,
  { resourceAppId, type, value, id }: Pick<ListedPermission, 'resourceAppId' | 'type' | 'value' | 'id'>,
): void {
  const client = findServicePrincipalByAppId(directory, tenant.id, application.appId);
  const resource = findServicePrincipalByAppId(directory, tenant.id, resourceAppId);
  if (!client || !resource) return;
  if (type === 'Application') {
    requireAppRoleAdministrator(caller, resource);
    const held = listAppRoleAssignments(directory, client.id, resource.id);
    for (const assignment of held.filter(({ appRoleId }) => appRoleId === id)) {
      deleteAppRoleAssignment(directory, assignment.id);
    }
    return;
  }
  requireConsentAdministrator(caller);
  const grant = findEqualGrant(directory, {
    tenantId: tenant.id,
    clientId: client.id,
    resourceId: resource.id,
    consentType: 'AllPrincipals',
    principalId: null,
  });
  if (!grant) return;
  const remaining = grant.scope.split(' ').filter((scope) => scope !== '' && scope !== value);
  if (remaining.length === 0) deletePermissionGrant(directory, grant.id);
  else updatePermissionGrant(directory, grant.id, remaining.join(' '));
}
