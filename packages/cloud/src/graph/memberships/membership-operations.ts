import { type Group, isSecurityEnabled, listAllGroupsOf, listGroupsOf } from '../../directory/groups.ts';
import type { DirectoryRole } from '../../directory/users.ts';
import type {
  GraphAnswer,
  GraphCall,
  GraphOperation,
  GraphResource,
  Places,
} from '../operation/graph-operation.ts';
import { readBody, readFlag, readGuid, readList } from '../operation/read-body.ts';
import { mixedCollectionOperations } from '../query/mixed-collection.ts';
import { typed } from '../resources/present-directory-object.ts';
import { presentDirectoryRole } from '../resources/present-directory-role.ts';
import { presentGroup } from '../resources/present-group.ts';

/** Whose memberships are asked for: a person, a service principal or a group. */
export interface Member {
  id: string;
  /** Directory roles, which people alone hold. */
  directoryRoles?: readonly DirectoryRole[];
}

type FindMember = (call: GraphCall) => Member;

/** So many ids one call checks. */
const mostChecked = 20;

/**
 * What an object is a member of: `memberOf`, `transitiveMemberOf` and the four questions about it.
 *
 * @param find the object that a call's path names
 * @param at the places of an operation: below the keys of a set, with the permissions that it takes
 */
export function membershipOperations(find: FindMember, at: Places): GraphOperation[] {
  return [
    ...mixedCollectionOperations('/memberOf', (call) => directMemberships(call, find(call)), at),
    ...mixedCollectionOperations('/transitiveMemberOf', (call) => allMemberships(call, find(call)), at),
    ...membershipQuestions(find, at),
  ];
}

/** The four questions alone. */
export function membershipQuestions(find: FindMember, at: Places): GraphOperation[] {
  return [
    ...at('/getMemberGroups', {
      method: 'POST',
      handle: (call) => answerIds(call, memberGroupIds(call, find(call))),
    }),
    ...at('/getMemberObjects', {
      method: 'POST',
      handle(call) {
        const member = find(call);
        return answerIds(call, [...memberGroupIds(call, member), ...roleIds(call, member)]);
      },
    }),
    ...at('/checkMemberGroups', {
      method: 'POST',
      handle(call) {
        const held = listAllGroupsOf(call.context.directory, find(call).id).map(({ id }) => id);
        return answerIds(call, readIds(call, 'groupIds', held));
      },
    }),
    ...at('/checkMemberObjects', {
      method: 'POST',
      handle(call) {
        const member = find(call);
        const groups = listAllGroupsOf(call.context.directory, member.id);
        const held = [...groups.map(({ id }) => id), ...roleIds(call, member)];
        return answerIds(call, readIds(call, 'ids', held));
      },
    }),
  ];
}

/** Roles and groups that an object is itself in. */
export function directMemberships(call: GraphCall, member: Member): GraphResource[] {
  return presentMemberships(call, member, listGroupsOf(call.context.directory, member.id));
}

/** Those, and the groups that these are in, however deep. */
export function allMemberships(call: GraphCall, member: Member): GraphResource[] {
  return presentMemberships(call, member, listAllGroupsOf(call.context.directory, member.id));
}

function presentMemberships(call: GraphCall, member: Member, groups: readonly Group[]): GraphResource[] {
  return [
    ...presentRoles(call, member).map((role) => typed('directoryRole', role)),
    ...groups.map((group) => typed('group', presentGroup(call, group))),
  ];
}

function presentRoles({ caller }: GraphCall, { directoryRoles = [] }: Member) {
  return directoryRoles.map((role) => presentDirectoryRole(caller.tenant.id, role));
}

function roleIds(call: GraphCall, member: Member): string[] {
  return presentRoles(call, member).map(({ id }) => id);
}

/** `securityEnabledOnly` leaves groups out that give no access. */
function memberGroupIds(call: GraphCall, member: Member): string[] {
  const { securityEnabledOnly } = readBody(call.body, ['securityEnabledOnly']);
  const onlySecurity = readFlag(securityEnabledOnly ?? false, 'securityEnabledOnly');
  return listAllGroupsOf(call.context.directory, member.id)
    .filter((group) => !onlySecurity || isSecurityEnabled(group))
    .map(({ id }) => id);
}

/** Those of the body's ids that are among the held ones. */
function readIds({ body }: GraphCall, property: string, held: readonly string[]): string[] {
  const asked = readList(readBody(body, [property])[property], property, readGuid, mostChecked);
  return asked.filter((id) => held.includes(id));
}

function answerIds({ serviceRoot }: GraphCall, value: string[]): GraphAnswer {
  return {
    status: 200,
    body: { '@odata.context': `${serviceRoot}/$metadata#Collection(Edm.String)`, value },
  };
}
