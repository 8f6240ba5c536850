import { listAllMemberIds } from '../../directory/group-links.ts';
import { purgeGroup, softDeleteGroup } from '../../directory/groups.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireGroupManager } from '../access/person-rules.ts';
import { assignmentOperations } from '../assignments/assignment-operations.ts';
import { linkOperations, presentLinked } from '../links/link-operations.ts';
import {
  allMemberships,
  directMemberships,
  membershipOperations,
} from '../memberships/membership-operations.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
  type GraphResource,
} from '../operation/graph-operation.ts';
import type { Relations } from '../query/expand-relations.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { readOperations } from '../query/set-operations.ts';
import { groupType, presentGroup } from '../resources/present-group.ts';
import { linksOf } from './group-links.ts';
import { findAddressedGroup, tenantGroups } from './group-set.ts';
import { createGroupFromBody, updateGroupFromBody } from './write-group.ts';

const read = [permissionRules.readGroups];
const write = [permissionRules.writeGroups];
const forReader = belowKeys('groups', read);
const forWriter = belowKeys('groups', write);

/** `/groups`: security groups and Microsoft 365 groups, their members and owners, and where they are in themselves. */
export const groupOperations: GraphOperation[] = [
  ...readOperations(
    {
      set: 'groups',
      type: groupType,
      objects: tenantGroups,
      read: (call) => presentGroup(call, findAddressedGroup(call)),
      relations: groupRelations,
    },
    read,
    forReader,
  ),
  {
    method: 'POST',
    path: '/groups',
    permissions: [permissionRules.createGroups],
    handle: createGroupFromBody,
  },
  ...forWriter('', { method: 'PATCH', handle: updateGroupFromBody }),
  ...forWriter('', { method: 'DELETE', handle: deleteGroup }),
  ...linkOperations('members', (call) => linksOf(call, findAddressedGroup(call), 'members'), {
    read: forReader,
    write: belowKeys('groups', [permissionRules.writeGroupMembers]),
  }),
  ...linkOperations('owners', (call) => linksOf(call, findAddressedGroup(call), 'owners'), {
    read: forReader,
    write: forWriter,
  }),
  ...mixedCollectionOperations(
    '/transitiveMembers',
    (call) => allMembers(call, findAddressedGroup(call).id),
    forReader,
  ),
  ...membershipOperations(findAddressedGroup, forReader),
  ...assignmentOperations(
    { set: 'groups', relation: 'appRoleAssignments', find: findAddressedGroup },
    {
      read: belowKeys('groups', [permissionRules.readGroupAssignments]),
      write: belowKeys('groups', [permissionRules.writeAppRoleAssignments, permissionRules.readApplications]),
    },
  ),
];

/** A Microsoft 365 group can be restored for 30 days; a security group is gone. */
function deleteGroup(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const group = findAddressedGroup(call);
  requireGroupManager(call.caller, directory, group);
  if (group.kind === 'microsoft365') softDeleteGroup(directory, group.id);
  else purgeGroup(directory, group.id);
  return { status: 204 };
}

function allMembers(call: GraphCall, groupId: string): GraphResource[] {
  return presentLinked(call, listAllMemberIds(call.context.directory, groupId));
}

/** What `$expand` may name of a group. */
function groupRelations(call: GraphCall): Relations {
  const find = (id: string) => findAddressedGroup({ ...call, params: { id } });
  return {
    members: (id) => presentLinked(call, linksOf(call, find(id), 'members').ids),
    owners: (id) => presentLinked(call, linksOf(call, find(id), 'owners').ids),
    memberOf: (id) => directMemberships(call, { id }),
    transitiveMemberOf: (id) => allMemberships(call, { id }),
    transitiveMembers: (id) => allMembers(call, id),
  };
}
