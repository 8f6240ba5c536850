import type { PermissionGrant } from '../../directory/permission-grants.ts';
import type { GraphResource } from '../graph-operation.ts';
import type { ResourceType } from '../query/resource-type.ts';

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
