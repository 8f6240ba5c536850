import { type Group, isSecurityEnabled, listGroups, putGroup, updateGroup } from '../../directory/groups.ts';
import { isText } from '../../ground/read-row.ts';
import { isGroupAdministrator, objectIdOf, requireGroupManager } from '../access/person-rules.ts';
import { badRequest, invalidValue, propertyConflict } from '../errors/graph-error.ts';
import { bindLinks, splitBinds } from '../links/bind-links.ts';
import type { Links } from '../links/link-operations.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import {
  mergeProperties,
  readChanges,
  readProperties,
  requireProperties,
} from '../operation/property-table.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { groupProperties } from '../resources/group-properties.ts';
import { groupType, presentGroup } from '../resources/present-group.ts';
import { linksOf } from './group-links.ts';
import { findAddressedGroup } from './group-set.ts';

const groupRelations = ['owners', 'members'] as const;
const required = ['displayName', 'mailEnabled', 'mailNickname', 'securityEnabled'];
/** Settings of a Microsoft 365 group that its first body may not have ("Create group"). */
const setLater = [
  'allowExternalSenders',
  'autoSubscribeNewMembers',
  'hideFromAddressLists',
  'hideFromOutlookClients',
  'isSubscribedByMail',
];
const nickname = /^[\u0021-\u007e]+$/;
const refusedInNicknames = /[@()\\[\]";:.<>,]/;

/**
 * `POST /groups`: a security group, or a Microsoft 365 group. Whoever makes a Microsoft 365 group owns it unless owners
 * are named; so does a person who is no administrator with any group.
 *
 * @throws GraphError 400, 404 for links to nobody
 */
export function createGroupFromBody(call: GraphCall): GraphAnswer {
  const { context, caller } = call;
  const { bound, rest } = splitBinds(call.body, groupRelations);
  const given = readProperties(rest, groupProperties, 'create');
  requireProperties(given, required, 'Group');
  const early = setLater.find((name) => given[name] !== undefined);
  if (early !== undefined) throw invalidValue(early, 'It can be set once the group is there.');
  const { displayName, groupTypes = [], mailEnabled, securityEnabled, ...properties } = given;
  const kind = Array.isArray(groupTypes) && groupTypes.includes('Unified') ? 'microsoft365' : 'security';
  const group: Group = {
    id: context.random.guid(),
    tenantId: caller.tenant.id,
    displayName: String(displayName),
    kind,
    createdAt: context.clock.now(),
    securityEnabled: securityEnabled === true,
    properties,
    deletedAt: null,
  };
  requireKind(group, mailEnabled === true);
  requireNickname(call, group);
  context.directory.transaction(() => {
    putGroup(context.directory, group, []);
    bindLinks(call, bound, linksOfBoth(call, group));
    const ownsIt = caller.kind === 'person' && (kind === 'microsoft365' || !isGroupAdministrator(caller));
    if (ownsIt && !bound.owners) linksOf(call, group, 'owners').add(objectIdOf(caller));
  });
  return answerCreated(call, { context: 'groups', type: groupType, resource: presentGroup(call, group) });
}

/** `PATCH /groups/{id}`: changes the group's properties, and adds members by `members@odata.bind`. */
export function updateGroupFromBody(call: GraphCall): GraphAnswer {
  const { directory } = call.context;
  const group = findAddressedGroup(call);
  requireGroupManager(call.caller, directory, group);
  const { bound, rest } = splitBinds(call.body, groupRelations);
  const given = readChanges(rest, groupProperties, presentGroup(call, group));
  const { displayName = group.displayName, mailEnabled, securityEnabled, ...changes } = given;
  const changed: Group = {
    ...group,
    displayName: String(displayName),
    securityEnabled: typeof securityEnabled === 'boolean' ? securityEnabled : isSecurityEnabled(group),
    properties: mergeProperties(group.properties ?? {}, changes),
  };
  requireKind(changed, mailEnabled === undefined ? changed.kind === 'microsoft365' : mailEnabled === true);
  if (changes.mailNickname !== undefined) requireNickname(call, changed);
  directory.transaction(() => {
    updateGroup(directory, changed);
    bindLinks(call, bound, linksOfBoth(call, changed));
  });
  return { status: 204 };
}

function linksOfBoth(call: GraphCall, group: Group): Links[] {
  return groupRelations.map((relation) => linksOf(call, group, relation));
}

/** Groups with mail that are no Microsoft 365 groups are made in Exchange alone. */
function requireKind(group: Group, mailEnabled: boolean): void {
  const isUnified = group.kind === 'microsoft365';
  if (mailEnabled && !isUnified) {
    throw badRequest('Cannot Create a mail-enabled security groups and or distribution list.');
  }
  if (!mailEnabled && isUnified) throw invalidValue('mailEnabled', 'A Microsoft 365 group has mail.');
  if (!isUnified && !isSecurityEnabled(group)) {
    throw invalidValue('securityEnabled', 'A group without mail has to be a security group.');
  }
}

/** @throws GraphError 400 for signs that mail addresses lack, and for a name that is taken */
function requireNickname(call: GraphCall, group: Group): void {
  const name = nicknameOf(group);
  if (name === undefined || !nickname.test(name) || refusedInNicknames.test(name)) {
    throw invalidValue('mailNickname', 'It has signs that no mail address has.');
  }
  requireFreeNickname(call, group);
}

/** @throws GraphError 400 when another Microsoft 365 group has the name of this one */
export function requireFreeNickname({ context, caller }: GraphCall, group: Group): void {
  const name = nicknameOf(group);
  if (group.kind !== 'microsoft365') return;
  const holder = listGroups(context.directory, caller.tenant.id).find(
    (other) => other.id !== group.id && other.kind === 'microsoft365' && nicknameOf(other) === name,
  );
  if (holder) throw propertyConflict('mailNickname');
}

function nicknameOf({ properties }: Group): string | undefined {
  const name = properties?.mailNickname;
  return isText(name) ? name.toLowerCase() : undefined;
}
