import type { RecordStore } from '../storage/record-store.ts';

/** Names of the security roles that the environment is made with. */
export const administratorRole = 'System Administrator';
export const salespersonRole = 'Salesperson';

/** Ids and names of the roles that a user holds. */
export function rolesOf(store: RecordStore, userId: string): { id: string; name: string }[] {
  const roles: { id: string; name: string }[] = [];
  for (const pair of store.list('systemuserroles')) {
    if (pair.values.systemuserid !== userId || typeof pair.values.roleid !== 'string') continue;
    const role = store.find('role', pair.values.roleid);
    if (role) roles.push({ id: role.id, name: typeof role.values.name === 'string' ? role.values.name : '' });
  }
  return roles;
}

/**
 * The id of a role by its name.
 *
 * @throws Error when there is none: these roles are made with the environment and can't be deleted
 */
export function roleIdOf(store: RecordStore, name: string): string {
  for (const role of store.list('role')) if (role.values.name === name) return role.id;
  throw new Error(`The environment has no role ${name}`);
}
