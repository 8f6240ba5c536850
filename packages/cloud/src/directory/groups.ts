import { isAnything, isFlag, isNumber, objectOf, optional, readRow, recordOf } from '../ground/read-row.ts';
import { linkToGroup, unlinkAllFromGroup } from './group-links.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** A group in a tenant: of people, service principals and other groups. */
export interface Group extends GroupProfile {
  id: string;
  tenantId: string;
  displayName: string;
  kind: 'security' | 'microsoft365';
  /** Soft delete, epoch milliseconds; null while alive. */
  deletedAt: number | null;
}

interface GroupProfile {
  /** Epoch milliseconds; absent in what an earlier version stored. */
  createdAt?: number;
  /** Whether it gives access; security groups always do, Microsoft 365 groups when this says so. */
  securityEnabled?: boolean;
  /** What else Graph keeps of a group, by the names of its properties. */
  properties?: Record<string, unknown>;
}

interface GroupRow {
  id: string;
  tenant_id: string;
  display_name: string;
  kind: Group['kind'];
  profile: string;
  deleted_at: number | null;
}

const profileSchema = objectOf<GroupProfile>({
  createdAt: optional(isNumber),
  securityEnabled: optional(isFlag),
  properties: optional(recordOf(isAnything)),
});

/** Makes a group, or brings the one of its id to what is said, with these members and no others. */
export function putGroup(
  directory: Directory,
  group: Omit<Group, 'deletedAt'>,
  memberIds: readonly string[],
): void {
  const { id, tenantId, displayName, kind, ...profile } = group;
  directory.transaction(() => {
    const createdAt = selectGroup(directory, id)?.createdAt ?? directory.clock.now();
    directory
      .prepare(
        `INSERT INTO groups (id, tenant_id, display_name, kind, profile) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET display_name = ?3, kind = ?4, profile = ?5, deleted_at = NULL`,
      )
      .run(id, tenantId, displayName, kind, JSON.stringify({ createdAt, ...profile }));
    unlinkAllFromGroup(directory, id, 'member');
    for (const memberId of new Set(memberIds)) linkToGroup(directory, id, 'member', memberId);
  });
}

/** Keeps a group's name and profile; what identifies it never changes. */
export function updateGroup(directory: Directory, group: Group): void {
  const { id, tenantId: _tenant, displayName, kind: _kind, deletedAt: _deleted, ...profile } = group;
  directory
    .prepare('UPDATE groups SET display_name = ?, profile = ? WHERE id = ?')
    .run(displayName, JSON.stringify(profile), id);
}

/** Finds a living group. */
export function findGroup(directory: Directory, tenantId: string, id: string): Group | undefined {
  const group = selectGroup(directory, id);
  return group?.tenantId === tenantId && group.deletedAt === null ? group : undefined;
}

export function listGroups(directory: Directory, tenantId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    'SELECT * FROM groups WHERE tenant_id = ? AND deleted_at IS NULL ORDER BY display_name, id',
    tenantId,
  ).map(toGroup);
}

/** Soft-deleted groups of a tenant, under Graph's `/directory/deletedItems`. */
export function listDeletedGroups(directory: Directory, tenantId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    'SELECT * FROM groups WHERE tenant_id = ? AND deleted_at IS NOT NULL ORDER BY deleted_at, id',
    tenantId,
  ).map(toGroup);
}

/** Groups that a person, a service principal or a group is itself a member of. */
export function listGroupsOf(directory: Directory, memberId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    `SELECT groups.* FROM group_links JOIN groups ON groups.id = group_id
     WHERE object_id = ? AND group_links.kind = 'member' AND deleted_at IS NULL ORDER BY display_name, id`,
    memberId,
  ).map(toGroup);
}

/** Those, and the groups that these are in, however deep. */
export function listAllGroupsOf(directory: Directory, memberId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    `WITH RECURSIVE holding (id) AS (
       SELECT group_id FROM group_links JOIN groups ON groups.id = group_id
         WHERE object_id = ? AND group_links.kind = 'member' AND deleted_at IS NULL
       UNION SELECT group_id FROM holding JOIN group_links ON object_id = holding.id AND group_links.kind = 'member'
         JOIN groups ON groups.id = group_id AND deleted_at IS NULL)
     SELECT groups.* FROM holding JOIN groups ON groups.id = holding.id ORDER BY display_name, groups.id`,
    memberId,
  ).map(toGroup);
}

/** Groups that a person or a service principal owns. */
export function listOwnedGroups(directory: Directory, ownerId: string): Group[] {
  return selectAll<GroupRow>(
    directory,
    `SELECT groups.* FROM group_links JOIN groups ON groups.id = group_id
     WHERE object_id = ? AND group_links.kind = 'owner' AND deleted_at IS NULL ORDER BY display_name, id`,
    ownerId,
  ).map(toGroup);
}

/** Marks as deleted; members and owners stay with it. */
export function softDeleteGroup(directory: Directory, id: string): void {
  directory.prepare('UPDATE groups SET deleted_at = ? WHERE id = ?').run(directory.clock.now(), id);
}

export function restoreGroup(directory: Directory, id: string): void {
  directory.prepare('UPDATE groups SET deleted_at = NULL WHERE id = ?').run(id);
}

/** The final delete: nothing of the group is left, neither what it held nor where it was. */
export function purgeGroup(directory: Directory, id: string): void {
  directory.transaction(() => {
    directory.prepare('DELETE FROM app_role_assignments WHERE principal_id = ?').run(id);
    directory.prepare('DELETE FROM group_links WHERE group_id = ?1 OR object_id = ?1').run(id);
    directory.prepare('DELETE FROM groups WHERE id = ?').run(id);
  });
}

/** Whether a group is one that access is given by. */
export function isSecurityEnabled({ kind, securityEnabled }: Group): boolean {
  return securityEnabled ?? kind === 'security';
}

function selectGroup(directory: Directory, id: string): Group | undefined {
  const row = selectOne<GroupRow>(directory, 'SELECT * FROM groups WHERE id = ?', id.toLowerCase());
  return row && toGroup(row);
}

function toGroup(row: GroupRow): Group {
  return {
    ...readRow(profileSchema, row.profile),
    id: row.id,
    tenantId: row.tenant_id,
    displayName: row.display_name,
    kind: row.kind,
    deletedAt: row.deleted_at,
  };
}
