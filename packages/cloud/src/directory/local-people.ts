import { wellKnownIds } from '@latchkey/microsoft';
import { type Directory, selectAll } from './open-directory.ts';

/** Somebody who can sign in, as a hint for who tries the cloud out. */
export interface LocalPerson {
  userPrincipalName: string;
  displayName: string;
  tenantId: string;
}

/** Whose people are asked for: those of all tenants, of all organizations, or of one tenant by its id. */
export type PeopleOf = 'everybody' | 'organizations' | { tenantId: string };

interface PersonRow {
  user_principal_name: string;
  display_name: string;
  tenant_id: string;
}

/**
 * People whose accounts are not disabled, in the order in which they were made.
 *
 * @param limit how many of them; all when left out
 */
export function listLocalPeople(
  directory: Directory,
  whose: PeopleOf = 'everybody',
  limit = Number.MAX_SAFE_INTEGER,
): LocalPerson[] {
  const only = typeof whose === 'object' ? whose.tenantId : null;
  const without = whose === 'organizations' ? wellKnownIds.personalAccountTenant : null;
  return selectAll<PersonRow>(
    directory,
    `SELECT user_principal_name, json_extract(profile, '$.displayName') AS display_name, tenant_id FROM users
     WHERE json_extract(profile, '$.enabled') AND (?1 IS NULL OR tenant_id = ?1) AND (?2 IS NULL OR tenant_id <> ?2)
     ORDER BY rowid LIMIT ?3`,
    only,
    without,
    limit,
  ).map((row) => ({
    userPrincipalName: row.user_principal_name,
    displayName: row.display_name,
    tenantId: row.tenant_id,
  }));
}
