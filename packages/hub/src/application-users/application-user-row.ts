import { environmentRoleSchema } from '@latchkey/api';
import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import type { EnvironmentRole } from '../providers/application-users.ts';
import type { ApplicationUserRow } from '../store/schema.ts';

/** Columns that a change may name; `version` and `updated_at` follow by themselves. */
export type ApplicationUserChange = Partial<
  Omit<ApplicationUserRow, 'connection_id' | 'version' | 'created_at' | 'updated_at'>
>;

/** No link is out, and the administrator's token is gone from the database. */
export const noAdministrator = {
  sealed_sign_in_link: null,
  sealed_administrator_token: null,
  administrator_token_expires_at: null,
} as const satisfies ApplicationUserChange;

/** @throws HubError `application_user_not_found` */
export async function findApplicationUser(
  { store }: Pick<HubContext, 'store'>,
  connectionId: string,
): Promise<ApplicationUserRow> {
  const row = await store.db
    .selectFrom('application_users')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .executeTakeFirst();
  if (!row) throw new HubError('application_user_not_found');
  return row;
}

/**
 * Writes a change by compare-and-set on the row's version, so that whoever lost the lease can't write.
 *
 * @throws HubError `application_user_busy` when something else changed the row since it was read
 */
export async function changeApplicationUser(
  { store, clock }: Pick<HubContext, 'store' | 'clock'>,
  row: ApplicationUserRow,
  change: ApplicationUserChange,
): Promise<ApplicationUserRow> {
  const changed = await store.db
    .updateTable('application_users')
    .set({ ...change, version: row.version + 1, updated_at: clock.now() })
    .where('connection_id', '=', row.connection_id)
    .where('version', '=', row.version)
    .returningAll()
    .executeTakeFirst();
  if (!changed) throw new HubError('application_user_busy');
  return changed;
}

const rolesSchema = z.array(environmentRoleSchema);

/** @returns the roles that the hub has given, or was about to give */
export function givenRoles(row: Pick<ApplicationUserRow, 'given_roles'>): EnvironmentRole[] {
  return readColumn(rolesSchema, row.given_roles, 'application_users.given_roles');
}

/** @returns the environment's own list; null before it was read */
export function availableRoles(row: Pick<ApplicationUserRow, 'available_roles'>): EnvironmentRole[] | null {
  const { available_roles: text } = row;
  return text === null ? null : readColumn(rolesSchema, text, 'application_users.available_roles');
}

/** @returns what a person asked for, ids or names; null before anybody has chosen */
export function wantedRoles(row: Pick<ApplicationUserRow, 'wanted_roles'>): string[] | null {
  const { wanted_roles: text } = row;
  return text === null ? null : readColumn(z.array(z.string()), text, 'application_users.wanted_roles');
}
