import { listAppRoleAssignments } from '../../directory/app-role-assignments.ts';
import { listOwnedApplications } from '../../directory/applications.ts';
import type { User } from '../../directory/users.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { presentApplication } from '../applications/present-application.ts';
import { assignmentType, presentAssignment } from '../consent/present-app-role-assignment.ts';
import type { GraphAnswer, GraphCall, GraphOperation, GraphResource } from '../graph-operation.ts';
import { answerCollection } from '../query/answer-collection.ts';
import type { Relations } from '../query/expand-relations.ts';
import { listedObjects, narrowTo } from '../query/object-set.ts';
import { directoryObjectType, typed } from './directory-object.ts';
import { directoryRoleType, presentDirectoryRole } from './present-directory-role.ts';
import { findAddressedUser, forPerson } from './user-set.ts';

const own = [permissionRules.readMe];
const any = [permissionRules.readUsers];

/** What hangs on a person: roles, applications, assignments. Groups there are none, so all membership is direct. */
export const membershipOperations: GraphOperation[] = [
  ...['/memberOf', '/transitiveMemberOf'].flatMap((suffix) => [
    ...forPerson(suffix, { method: 'GET', own, any, handle: listMemberships }),
    ...forPerson(`${suffix}/microsoft.graph.directoryRole`, { method: 'GET', own, any, handle: listRoles }),
    ...forPerson(`${suffix}/microsoft.graph.group`, { method: 'GET', own, any, handle: listGroups }),
  ]),
  ...['/ownedObjects', '/ownedObjects/microsoft.graph.application'].flatMap((suffix) =>
    forPerson(suffix, { method: 'GET', own, any, handle: listOwned }),
  ),
  ...forPerson('/appRoleAssignments', { method: 'GET', own, any, handle: listAssignments }),
];

/** What `$expand` may name of a user. */
export function userRelations(call: GraphCall): Relations {
  return { memberOf: (id) => memberships({ ...call, params: { id } }) };
}

function memberships(call: GraphCall): GraphResource[] {
  return rolesOf(findAddressedUser(call)).map((role) => typed('directoryRole', role));
}

function rolesOf({ tenantId, directoryRoles }: User) {
  return directoryRoles.map((role) => presentDirectoryRole(tenantId, role));
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
  findAddressedUser(call);
  return answerCollection(call, {
    context: 'groups',
    type: { name: 'group', properties: ['id', 'displayName', 'description'] },
    objects: listedObjects([]),
  });
}

function listOwned(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const { id, tenantId } = findAddressedUser(call);
  return answerCollection(call, {
    context: 'directoryObjects',
    type: directoryObjectType,
    objects: narrowTo(listOwnedApplications(directory, tenantId, id), (application) =>
      typed('application', presentApplication(directory, application)),
    ),
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
