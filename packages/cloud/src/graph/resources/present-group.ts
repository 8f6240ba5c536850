import type { Group } from '../../directory/groups.ts';
import type { GraphResource } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';

/** A group as Graph shows it. */
export function presentGroup({ id, displayName, kind }: Group): GraphResource & { id: string } {
  const isUnified = kind === 'microsoft365';
  return {
    id,
    deletedDateTime: null,
    description: null,
    displayName,
    groupTypes: isUnified ? ['Unified'] : [],
    mailEnabled: isUnified,
    securityEnabled: !isUnified,
  };
}

export const groupType: ResourceType = {
  name: 'group',
  properties: [
    'id',
    'deletedDateTime',
    'description',
    'displayName',
    'groupTypes',
    'mailEnabled',
    'securityEnabled',
  ],
};
