import type { PermissionGrant } from '../../directory/permission-grants.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

export const grantType: ResourceType = {
  name: 'oAuth2PermissionGrant',
  properties: ['clientId', 'consentType', 'id', 'principalId', 'resourceId', 'scope'],
};

export function presentGrant({
  clientId,
  consentType,
  id,
  principalId,
  resourceId,
  scope,
}: PermissionGrant): GraphResource {
  return { clientId, consentType, id, principalId, resourceId, scope };
}
