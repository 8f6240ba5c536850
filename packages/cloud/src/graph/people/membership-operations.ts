import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listGroupsOf } from '../../directory/groups.ts';
import type { User } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import type { GraphAnswer, GraphCall, GraphOperation, GraphResource } from '../operation/graph-operation.ts';
import { readBody, readFlag } from '../operation/read-body.ts';
import { ownedObjectsCasts, presentOwnedObjects } from '../owners/owned-objects.ts';
import { answerCollection } from '../query/answer-collection.ts';
import type { Relations } from '../query/expand-relations.ts';
import { listedObjects, narrowTo } from '../query/object-set.ts';
import { assignmentType, presentAssignment } from '../resources/present-app-role-assignment.ts';
import { directoryObjectType, typed } from '../resources/present-directory-object.ts';
import { directoryRoleType, presentDirectoryRole } from '../resources/present-directory-role.ts';
import { groupType, presentGroup } from '../resources/present-group.ts';
import { findAddressedUser, forPerson } from './user-set.ts';

const own = [permissionRules.readMe];
const any = [permissionRules.readUsers];

/** What hangs on a person: roles, groups, applications, assignments. Groups are not nested, so membership is direct. */
export const membershipOperations: GraphOperation[] = [
  ...['/memberOf', '/transitiveMemberOf'].flatMap((suffix) => [
    ...forPerson(suffix, { method: 'GET', own, any, handle: listMemberships }),
    ...forPerson(`${suffix}/microsoft.graph.directoryRole`, { method: 'GET', own, any, handle: listRoles }),
    ...forPerson(`${suffix}/microsoft.graph.group`, { method: 'GET', own, any, handle: listGroups }),
  ]),
  ...['/getMemberObjects', '/getMemberGroups'].flatMap((suffix) =>
    forPerson(suffix, { method: 'POST', own, any, handle: listMembershipIds }),
  ),
  ...ownedObjectsCasts.flatMap((cast) =>
    forPerson(`/ownedObjects${cast}`, { method: 'GET', own, any, handle: listOwned }),
  ),
  ...forPerson('/appRoleAssignments', { method: 'GET', own, any, handle: listAssignments }),
];

/** What `$expand` may name of a user. */
export function userRelations(call: GraphCall): Relations {
  return { memberOf: (id) => memberships({ ...call, params: { id } }) };
}

function memberships(call: GraphCall): GraphResource[] {
  const user = findAddressedUser(call);
  return [
    ...rolesOf(user).map((role) => typed('directoryRole', role)),
    ...groupsOf(call, user).map((group) => typed('group', group)),
  ];
}

function rolesOf({ tenantId, directoryRoles }: User) {
  return directoryRoles.map((role) => presentDirectoryRole(tenantId, role));
}

function groupsOf({ context: { directory } }: GraphCall, user: User) {
  return listGroupsOf(directory, user.id).map(presentGroup);
}

/** `getMemberObjects` counts directory roles, too; `securityEnabledOnly` leaves Microsoft 365 groups out. */
function listMembershipIds(call: GraphCall): GraphAnswer {
  const user = findAddressedUser(call);
  const { securityEnabledOnly } = readBody(call.body, ['securityEnabledOnly']);
  const onlySecurity = readFlag(securityEnabledOnly ?? false, 'securityEnabledOnly');
  const groups = groupsOf(call, user).filter((group) => !onlySecurity || group.securityEnabled === true);
  const roles = /\/getMemberObjects$/i.test(call.path) ? rolesOf(user) : [];
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#Collection(Edm.String)`,
      value: [...groups, ...roles].map(({ id }) => id),
    },
  };
}

function listMemberships(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: listedObjects(memberships(call)),
  });
}

function listRoles(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'directoryRoles',
    type: directoryRoleType,
    objects: listedObjects(rolesOf(findAddressedUser(call))),
  });
}

function listGroups(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'groups',
    type: groupType,
    objects: listedObjects(groupsOf(call, findAddressedUser(call))),
  });
}

function listOwned(call: GraphCall): GraphAnswer {
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: listedObjects(presentOwnedObjects(call, findAddressedUser(call).id)),
  });
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
