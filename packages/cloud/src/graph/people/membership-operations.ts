import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { permissionRules } from '../access/permission-rules.ts';
import {
  allMemberships,
  directMemberships,
  membershipOperations,
} from '../memberships/membership-operations.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../operation/graph-operation.ts';
import { presentOwnedObjects } from '../owners/owned-objects.ts';
import { answerCollection } from '../query/answer-collection.ts';
import type { Relations } from '../query/expand-relations.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { narrowTo } from '../query/object-set.ts';
import { assignmentType, presentAssignment } from '../resources/present-app-role-assignment.ts';
import { findAddressedUser, forPerson } from './user-set.ts';

const own = [permissionRules.readMe];
const any = [permissionRules.readUsers];

/** What hangs on a person: roles, groups, objects that they own, assignments. */
export const personalMembershipOperations: GraphOperation[] = [
  ...membershipOperations(findAddressedUser, forReader),
  ...mixedCollectionOperations(
    '/ownedObjects',
    (call) => presentOwnedObjects(call, findAddressedUser(call).id),
    forReader,
  ),
  ...forPerson('/appRoleAssignments', { method: 'GET', own, any, handle: listAssignments }),
];

/** What `$expand` may name of a user. */
export function userRelations(call: GraphCall): Relations {
  const find = (id: string) => findAddressedUser({ ...call, params: { id } });
  return {
    memberOf: (id) => directMemberships(call, find(id)),
    transitiveMemberOf: (id) => allMemberships(call, find(id)),
    ownedObjects: (id) => presentOwnedObjects(call, id),
    appRoleAssignments: (id) =>
      listAppRoleAssignments(call.context.directory, id).map((item) =>
        presentAssignment(call.context.directory, item),
      ),
  };
}

function forReader(suffix: string, operation: Pick<GraphOperation, 'method' | 'handle'>): GraphOperation[] {
  return forPerson(suffix, { ...operation, own, any });
}

function listAssignments(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const { id } = findAddressedUser(call);
  return answerCollection(call, {
    context: `users('${id}')/appRoleAssignments`,
    type: assignmentType,
    objects: narrowTo(listAppRoleAssignments(directory, id), (assignment) =>
      presentAssignment(directory, assignment),
    ),
  });
}
