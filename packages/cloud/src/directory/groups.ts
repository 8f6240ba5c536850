import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** A group of people in a tenant. */
export interface Group {
  id: string;
  tenantId: string;
  displayName: string;
  /** Microsoft 365 groups give no access by themselves; only security groups are `securityEnabled`. */
  kind: 'security' | 'microsoft365';
}

interface GroupRow {
  id: string;
  tenant_id: string;
  display_name: string;
  kind: Group['kind'];
}

/** Makes a group, or brings the one of its id to what is said, with these members and no others. */
export function putGroup(directory: Directory, group: Group, memberIds: readonly string[]): void {
  const { id, tenantId, displayName, kind } = group;
  directory.transaction(() => {
    directory
      .prepare(
        `INSERT INTO groups (id, tenant_id, display_name, kind) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (id) DO UPDATE SET display_name = ?3, kind = ?4`,
      )
      .run(id, tenantId, displayName, kind);
    directory.prepare('DELETE FROM group_members WHERE group_id = ?').run(id);
    for (const userId of new Set(memberIds)) {
      directory.prepare('INSERT INTO group_members (group_id, user_id) VALUES (?, ?)').run(id, userId);
    }
  });
}

export function findGroup(directory: Directory, tenantId: string, id: string): Group | undefined {
  const row = selectOne<GroupRow>(
    directory,
    'SELECT * FROM groups WHERE tenant_id = ? AND id = ?',
    tenantId,
    id,
  );
  return row && toGroup(row);
}

export function listGroups(directory: Directory, tenantId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    'SELECT * FROM groups WHERE tenant_id = ? ORDER BY display_name, id',
    tenantId,
  ).map(toGroup);
}

/** The groups that a person is in; groups are not nested. */
export function listGroupsOf(directory: Directory, userId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    `SELECT groups.* FROM group_members JOIN groups ON groups.id = group_members.group_id
     WHERE group_members.user_id = ? ORDER BY groups.display_name, groups.id`,
    userId,
  ).map(toGroup);
}

export function listMemberIds(directory: Directory, groupId: string): string[] {
  return selectAll<{ user_id: string }>(
    directory,
    'SELECT user_id FROM group_members WHERE group_id = ? ORDER BY user_id',
    groupId,
  ).map((row) => row.user_id);
}

function toGroup(row: GroupRow): Group {
  return { id: row.id, tenantId: row.tenant_id, displayName: row.display_name, kind: row.kind };
}
