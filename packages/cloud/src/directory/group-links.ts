import { changesRow, type Directory, selectAll } from './open-directory.ts';

/** How an object hangs on a group. */
export type GroupLink = 'member' | 'owner';

/** Adds a member or an owner. Returns whether it was none before. */
export function linkToGroup(
  directory: Directory,
  groupId: string,
  kind: GroupLink,
  objectId: string,
): boolean {
  const sql = 'INSERT OR IGNORE INTO group_links (group_id, kind, object_id) VALUES (?, ?, ?)';
  return changesRow(directory, sql, groupId, kind, objectId);
}

/** Returns whether there was such a member or owner. */
export function unlinkFromGroup(
  directory: Directory,
  groupId: string,
  kind: GroupLink,
  objectId: string,
): boolean {
  const sql = 'DELETE FROM group_links WHERE group_id = ? AND kind = ? AND object_id = ?';
  return changesRow(directory, sql, groupId, kind, objectId);
}

export function unlinkAllFromGroup(directory: Directory, groupId: string, kind: GroupLink): void {
  directory.prepare('DELETE FROM group_links WHERE group_id = ? AND kind = ?').run(groupId, kind);
}

/** Ids of members or owners, those of deleted objects among them. */
export function listLinkedIds(directory: Directory, groupId: string, kind: GroupLink): string[] {
  return selectAll<{ object_id: string }>(
    directory,
    'SELECT object_id FROM group_links WHERE group_id = ? AND kind = ? ORDER BY object_id',
    groupId,
    kind,
  ).map((row) => row.object_id);
}

/** Ids of the members, of the members of groups among them, and so on; groups are members, too. */
export function listAllMemberIds(directory: Directory, groupId: string): string[] {
  return selectAll<{ id: string }>(
    directory,
    `WITH RECURSIVE held (id) AS (
       SELECT object_id FROM group_links WHERE group_id = ? AND kind = 'member'
       UNION SELECT object_id FROM held JOIN group_links ON group_id = held.id AND group_links.kind = 'member'
         JOIN groups ON groups.id = held.id AND deleted_at IS NULL)
     SELECT id FROM held ORDER BY id`,
    groupId,
  ).map((row) => row.id);
}
