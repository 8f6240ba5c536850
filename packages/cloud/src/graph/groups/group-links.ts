import { type GroupLink, linkToGroup, listLinkedIds, unlinkFromGroup } from '../../directory/group-links.ts';
import type { Group } from '../../directory/groups.ts';
import { requireGroupManager } from '../access/person-rules.ts';
import { badRequest } from '../errors/graph-error.ts';
import { type Links, ownerKinds, presentLinked, requireKind } from '../links/link-operations.ts';
import type { GraphCall, GraphResource } from '../operation/graph-operation.ts';

const kinds = { owners: 'owner', members: 'member' } as const satisfies Record<Links['relation'], GroupLink>;

/** What may be linked to a group, by the relation and the kind of group. */
const linkable: Readonly<Record<string, readonly string[]>> = {
  owners: ownerKinds,
  'members of security': ['user', 'servicePrincipal', 'group'],
  'members of microsoft365': ['user'],
};

/** The owners or the members of a group. */
export function linksOf(call: GraphCall, group: Group, relation: Links['relation']): Links {
  const { caller } = call;
  const { directory } = call.context;
  const kind = kinds[relation];
  const ids = listLinkedIds(directory, group.id, kind);
  return {
    relation,
    ids,
    requireManager: () => requireGroupManager(caller, directory, group),
    requireLinkable: (object) => requireLinkable(group, relation, object),
    add: (id) => linkToGroup(directory, group.id, kind, id),
    remove(id) {
      const living = relation === 'owners' ? presentLinked(call, ids) : [];
      if (living.length === 1 && living[0]?.id === id) {
        throw badRequest('The group must have at least one owner, hence this owner cannot be removed.');
      }
      return unlinkFromGroup(directory, group.id, kind, id);
    },
  };
}

function requireLinkable(group: Group, relation: Links['relation'], object: GraphResource): void {
  requireKind(
    object,
    relation,
    linkable[relation === 'owners' ? relation : `members of ${group.kind}`] ?? [],
  );
  if (object.id === group.id) throw badRequest(`A group can't be among its own ${relation}.`);
}
