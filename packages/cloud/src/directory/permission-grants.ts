import { randomBytes } from 'node:crypto';
import { isText, objectOf, oneOf, orNull } from '../ground/read-row.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** A delegated permission grant (Graph `oauth2PermissionGrant`): consent, for everybody or for one person. */
export interface PermissionGrant {
  /** Opaque text, not a GUID. */
  id: string;
  tenantId: string;
  /** Object id of the client's service principal (not its appId). */
  clientId: string;
  /** Object id of the resource's service principal. */
  resourceId: string;
  consentType: 'AllPrincipals' | 'Principal';
  principalId: string | null;
  /** Space-separated. */
  scope: string;
}

/** A grant as it is kept of what was deleted. */
export const permissionGrantSchema = objectOf<PermissionGrant>({
  id: isText,
  tenantId: isText,
  clientId: isText,
  resourceId: isText,
  consentType: oneOf('AllPrincipals', 'Principal'),
  principalId: orNull(isText),
  scope: isText,
});

interface GrantRow {
  id: string;
  tenant_id: string;
  client_id: string;
  resource_id: string;
  consent_type: 'AllPrincipals' | 'Principal';
  principal_id: string | null;
  scope: string;
}

const idBytes = 32;

/** @throws the SQLite constraint error when client, resource, type and principal have a grant already */
export function createPermissionGrant(
  directory: Directory,
  grant: Omit<PermissionGrant, 'id'>,
): PermissionGrant {
  const created = { ...grant, id: randomBytes(idBytes).toString('base64url') };
  insertPermissionGrant(directory, created);
  return created;
}

/** @throws the SQLite constraint error when client, resource, type and principal have a grant already */
export function insertPermissionGrant(directory: Directory, grant: PermissionGrant): void {
  directory
    .prepare(
      `INSERT INTO permission_grants (id, tenant_id, client_id, resource_id, consent_type, principal_id, scope)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      grant.id,
      grant.tenantId,
      grant.clientId,
      grant.resourceId,
      grant.consentType,
      grant.principalId,
      grant.scope,
    );
}

/** Adds scopes to the grant for this client, resource and principal, making the grant where there is none. */
export function consentToScopes(
  directory: Directory,
  grant: Omit<PermissionGrant, 'id' | 'scope'> & { scopes: readonly string[] },
): void {
  directory.transaction(() => {
    const existing = findEqualGrant(directory, grant);
    if (!existing) {
      const { scopes, ...rest } = grant;
      createPermissionGrant(directory, { ...rest, scope: scopes.join(' ') });
      return;
    }
    const merged = new Set([...existing.scope.split(' ').filter(Boolean), ...grant.scopes]);
    updatePermissionGrant(directory, existing.id, [...merged].join(' '));
  });
}

export function findPermissionGrant(
  directory: Directory,
  tenantId: string,
  id: string,
): PermissionGrant | undefined {
  const row = selectOne<GrantRow>(
    directory,
    'SELECT * FROM permission_grants WHERE id = ? AND tenant_id = ?',
    id,
    tenantId,
  );
  return row && toGrant(row);
}

export function listPermissionGrants(directory: Directory, tenantId: string): PermissionGrant[] {
  return selectAll<GrantRow>(
    directory,
    'SELECT * FROM permission_grants WHERE tenant_id = ? ORDER BY id',
    tenantId,
  ).map(toGrant);
}

export function listGrantsOfClient(
  directory: Directory,
  tenantId: string,
  clientId: string,
): PermissionGrant[] {
  return selectAll<GrantRow>(
    directory,
    'SELECT * FROM permission_grants WHERE client_id = ? AND tenant_id = ? ORDER BY id',
    clientId,
    tenantId,
  ).map(toGrant);
}

/** What a person consented to for themselves. */
export function listGrantsOfPerson(
  directory: Directory,
  tenantId: string,
  principalId: string,
): PermissionGrant[] {
  return selectAll<GrantRow>(
    directory,
    'SELECT * FROM permission_grants WHERE principal_id = ? AND tenant_id = ? ORDER BY id',
    principalId,
    tenantId,
  ).map(toGrant);
}

/** The one grant that there may be for the same client, resource, type and principal. */
export function findEqualGrant(
  directory: Directory,
  grant: Omit<PermissionGrant, 'id' | 'scope'>,
): PermissionGrant | undefined {
  return listGrantsOfClient(directory, grant.tenantId, grant.clientId).find(
    (candidate) =>
      candidate.resourceId === grant.resourceId &&
      candidate.consentType === grant.consentType &&
      candidate.principalId === grant.principalId,
  );
}

/** Scopes that a client has on a resource for one person: their own consent and everybody's together. */
export function grantedScopes(
  directory: Directory,
  { clientId, resourceId, userId }: { clientId: string; resourceId: string; userId: string },
): Set<string> {
  const rows = selectAll<{ scope: string }>(
    directory,
    `SELECT scope FROM permission_grants WHERE client_id = ? AND resource_id = ?
       AND (consent_type = 'AllPrincipals' OR principal_id = ?)`,
    clientId,
    resourceId,
    userId,
  );
  return new Set(rows.flatMap((row) => row.scope.split(' ').filter(Boolean)));
}

/** Whether a client was given anything at all on any API, by this person or for everybody. */
export function hasAnyGrant(
  directory: Directory,
  { clientId, userId }: { clientId: string; userId: string },
): boolean {
  const row = selectOne<{ found: number }>(
    directory,
    `SELECT 1 AS found FROM permission_grants WHERE client_id = ?
       AND (consent_type = 'AllPrincipals' OR principal_id = ?) LIMIT 1`,
    clientId,
    userId,
  );
  return row !== undefined;
}

export function updatePermissionGrant(directory: Directory, id: string, scope: string): void {
  directory.prepare('UPDATE permission_grants SET scope = ? WHERE id = ?').run(scope, id);
}

export function deletePermissionGrant(directory: Directory, id: string): void {
  directory.prepare('DELETE FROM permission_grants WHERE id = ?').run(id);
}

function toGrant(row: GrantRow): PermissionGrant {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    clientId: row.client_id,
    resourceId: row.resource_id,
    consentType: row.consent_type,
    principalId: row.principal_id,
    scope: row.scope,
  };
}
