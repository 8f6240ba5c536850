import { type Group, listDeletedGroups, purgeGroup, restoreGroup } from '../../directory/groups.ts';
import { permissionRules } from '../access/permission-rules.ts';
import { requireGroupManager } from '../access/person-rules.ts';
import { type DeletedKind, keepRestorable } from '../operation/deleted-kind.ts';
import type { GraphCall } from '../operation/graph-operation.ts';
import { groupType, presentGroup } from '../resources/present-group.ts';
import { requireFreeNickname } from './write-group.ts';

export const deletedGroupKind: DeletedKind = {
  type: groupType,
  context: 'groups',
  permissions: { read: [permissionRules.readGroups], write: [permissionRules.writeGroups] },
  list(call) {
    const { directory } = call.context;
    return deletedGroups(call).map((group) => ({
      id: group.id,
      present: () => presentGroup(call, group),
      restore() {
        requireGroupManager(call.caller, directory, group);
        requireFreeNickname(call, group);
        restoreGroup(directory, group.id);
        return presentGroup(call, { ...group, deletedAt: null });
      },
      purge() {
        requireGroupManager(call.caller, directory, group);
        purgeGroup(directory, group.id);
      },
    }));
  },
};

function deletedGroups({ context: { directory, clock }, caller }: GraphCall): Group[] {
  return keepRestorable(listDeletedGroups(directory, caller.tenant.id), {
    now: clock.now(),
    purge: ({ id }) => purgeGroup(directory, id),
  });
}
