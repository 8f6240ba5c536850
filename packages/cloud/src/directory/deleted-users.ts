import { type Directory, selectAll } from './open-directory.ts';
import { toUser, type User, type UserRow } from './users.ts';

/** A soft-deleted person, whose sign-in name begins with their object id until they are restored: it may be given anew. */
export interface DeletedUser extends User {
  /** Epoch milliseconds. */
  deletedAt: number;
}

/** Marks as deleted. What hangs on the person (groups, roles, grants) stays, for a restore. */
export function softDeleteUser(directory: Directory, { id, userPrincipalName }: User): void {
  directory
    .prepare('UPDATE users SET deleted_at = ?, user_principal_name = ? WHERE id = ?')
    .run(directory.clock.now(), prefixOf(id) + userPrincipalName, id);
}

/** Soft-deleted people of a tenant, under Graph's `/directory/deletedItems`. */
export function listDeletedUsers(directory: Directory, tenantId: string): DeletedUser[] {
  return selectAll<UserRow & { deleted_at: number }>(
    directory,
    'SELECT * FROM users WHERE tenant_id = ? AND deleted_at IS NOT NULL ORDER BY deleted_at, id',
    tenantId,
  ).map((row) => ({ ...toUser(row), deletedAt: row.deleted_at }));
}

/** The sign-in name that a deleted person comes back with. */
export function formerNameOf({ id, userPrincipalName }: User): string {
  const prefix = prefixOf(id);
  return userPrincipalName.startsWith(prefix) ? userPrincipalName.slice(prefix.length) : userPrincipalName;
}

/** @throws the SQLite constraint error when somebody has the sign-in name by now */
export function restoreUser(directory: Directory, user: DeletedUser): void {
  directory
    .prepare('UPDATE users SET deleted_at = NULL, user_principal_name = ? WHERE id = ?')
    .run(formerNameOf(user), user.id);
}

/** The final delete: nothing of the person is left, and nothing that was given to them. */
export function purgeUser(directory: Directory, id: string): void {
  directory.transaction(() => {
    directory.prepare('DELETE FROM permission_grants WHERE principal_id = ?').run(id);
    directory.prepare('DELETE FROM app_role_assignments WHERE principal_id = ?').run(id);
    directory.prepare('DELETE FROM application_owners WHERE owner_id = ?').run(id);
    directory.prepare('DELETE FROM group_links WHERE object_id = ?').run(id);
    directory.prepare('DELETE FROM service_principal_owners WHERE owner_id = ?').run(id);
    directory.prepare('DELETE FROM users WHERE id = ?').run(id);
  });
}

function prefixOf(id: string): string {
  return id.replaceAll('-', '');
}
