import { type Group, isSecurityEnabled } from '../../directory/groups.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { presentSecond } from '../operation/present-moment.ts';
import { presentProperties, toResourceType } from '../operation/property-table.ts';
import { groupProperties } from './group-properties.ts';
import { securityIdentifierOf } from './security-identifier.ts';

export const groupType = toResourceType('group', groupProperties, {
  searchable: ['displayName', 'description', 'mail'],
});

/**
 * A group of the caller's tenant as Graph shows it. Microsoft 365 groups have a mail address in the tenant's initial
 * domain.
 */
export function presentGroup(
  { caller }: Pick<GraphCall, 'caller'>,
  group: Group,
): GraphResource & { id: string } {
  const { id, displayName, kind, createdAt, deletedAt, properties = {} } = group;
  const isUnified = kind === 'microsoft365';
  const nickname = properties.mailNickname;
  const [domain] = caller.tenant.domains;
  const mail = isUnified && typeof nickname === 'string' ? `${nickname}@${domain}` : null;
  const createdDateTime = createdAt === undefined ? null : presentSecond(createdAt);
  return {
    ...presentProperties(groupProperties, {
      visibility: isUnified ? 'Public' : null,
      ...properties,
      createdDateTime,
      deletedDateTime: presentSecond(deletedAt),
      displayName,
      groupTypes: isUnified ? ['Unified'] : [],
      mail,
      mailEnabled: isUnified,
      proxyAddresses: mail === null ? [] : [`SMTP:${mail}`],
      renewedDateTime: createdDateTime,
      securityEnabled: isSecurityEnabled(group),
      securityIdentifier: securityIdentifierOf(id),
    }),
    id,
  };
}
