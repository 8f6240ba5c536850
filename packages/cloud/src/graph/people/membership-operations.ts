import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listGrantsOfPerson } from '../../directory/permission-grants.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { assignmentOperations } from '../assignments/assignment-operations.ts';
import {
  allMemberships,
  directMemberships,
  membershipOperations,
} from '../memberships/membership-operations.ts';
import type { GraphAnswer, GraphCall, GraphOperation, GraphResource } from '../operation/graph-operation.ts';
import { presentOwnedObjects } from '../owners/owned-objects.ts';
import { answerCollection } from '../query/answer-collection.ts';
import type { Relations } from '../query/expand-relations.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { listedObjects } from '../query/object-set.ts';
import { presentAssignment } from '../resources/present-app-role-assignment.ts';
import { grantType, presentGrant } from '../resources/present-permission-grant.ts';
import { findAddressedUser, forPerson } from './user-set.ts';

const forReader = forPerson({ own: [permissionRules.readMe], any: [permissionRules.readUsers] });
const assign = [permissionRules.writeAppRoleAssignments, permissionRules.readApplications];
const forAssigner = forPerson({ own: assign, any: assign });
const readGrants = [permissionRules.readGrants];

/** What hangs on a person: roles, groups, objects that they own, assignments. */
export const personalMembershipOperations: GraphOperation[] = [
  ...membershipOperations(findAddressedUser, forReader),
  ...mixedCollectionOperations(
    '/ownedObjects',
    (call) => presentOwnedObjects(call, findAddressedUser(call).id),
    forReader,
  ),
  ...assignmentOperations(
    { set: 'users', relation: 'appRoleAssignments', find: findAddressedUser },
    { read: forReader, write: forAssigner },
  ),
  ...forPerson({ own: readGrants, any: readGrants })('/oauth2PermissionGrants', {
    method: 'GET',
    handle: listGrants,
  }),
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
    oauth2PermissionGrants: (id) => grantsOf(call, id),
  };
}

/** What the person let apps do for them; what everybody was given is no grant of theirs. */
function listGrants(call: GraphCall): GraphAnswer {
  const grants = grantsOf(call, findAddressedUser(call).id);
  return answerCollection(call, {
    context: 'oauth2PermissionGrants',
    type: grantType,
    objects: listedObjects(grants),
  });
}

function grantsOf({ context: { directory }, caller }: GraphCall, userId: string): GraphResource[] {
  return listGrantsOfPerson(directory, caller.tenant.id, userId).map(presentGrant);
}
