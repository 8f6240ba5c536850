import {
  isAnything,
  isFlag,
  isNumber,
  isText,
  listOf,
  objectOf,
  optional,
  orNull,
  readRow,
  recordOf,
} from '../ground/read-row.ts';
import {
  type AppRole,
  appRoleSchema,
  type KeyCredential,
  keyCredentialSchema,
  type PermissionScope,
  permissionScopeSchema,
} from './application-document.ts';
import type { StoredClientSecret } from './client-secrets.ts';
import { type Directory, selectAll, selectOne } from './open-directory.ts';

/** The local instance of an application in one tenant; grants and role assignments hang on it. */
export interface ServicePrincipal {
  id: string;
  tenantId: string;
  appId: string;
  displayName: string;
  accountEnabled: boolean;
  document: ServicePrincipalDocument;
}

interface ServicePrincipalDocument {
  /** Epoch milliseconds; absent in documents of earlier versions. */
  createdAt?: number;
  appOwnerOrganizationId: string;
  servicePrincipalNames: string[];
  oauth2PermissionScopes: PermissionScope[];
  appRoles: AppRole[];
  tags: string[];
  /** Only people and apps that hold a role of it get in or get tokens for it (AADSTS50105, AADSTS501051). */
  appRoleAssignmentRequired?: boolean;
  /** Properties that have no meaning to this cloud but are kept for their readers. */
  properties?: Record<string, unknown>;
  /** Secrets of its own, beside those of its application, good in its tenant alone; the newest first. */
  secrets?: StoredClientSecret[];
  /** Certificates of its own, as above. */
  keyCredentials?: KeyCredential[];
}

const secretSchema = objectOf<StoredClientSecret>({
  keyId: isText,
  displayName: orNull(isText),
  hint: isText,
  hash: isText,
  startAt: isNumber,
  endAt: isNumber,
});

const documentSchema = objectOf<ServicePrincipalDocument>({
  createdAt: optional(isNumber),
  appOwnerOrganizationId: isText,
  servicePrincipalNames: listOf(isText),
  oauth2PermissionScopes: listOf(permissionScopeSchema),
  appRoles: listOf(appRoleSchema),
  tags: listOf(isText),
  appRoleAssignmentRequired: optional(isFlag),
  properties: optional(recordOf(isAnything)),
  secrets: optional(listOf(secretSchema)),
  keyCredentials: optional(listOf(keyCredentialSchema)),
});

/** A principal as it is kept after its deletion. */
export const servicePrincipalSchema = objectOf<ServicePrincipal>({
  id: isText,
  tenantId: isText,
  appId: isText,
  displayName: isText,
  accountEnabled: isFlag,
  document: documentSchema,
});

interface ServicePrincipalRow {
  id: string;
  tenant_id: string;
  app_id: string;
  display_name: string;
  account_enabled: number;
  document: string;
}

export function createServicePrincipal(directory: Directory, principal: ServicePrincipal): void {
  directory
    .prepare(
      `INSERT INTO service_principals (id, tenant_id, app_id, display_name, account_enabled, document)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      principal.id,
      principal.tenantId,
      principal.appId,
      principal.displayName,
      principal.accountEnabled ? 1 : 0,
      JSON.stringify(principal.document),
    );
}

/** Keeps a principal's name, switch and document; what identifies it never changes. */
export function updateServicePrincipal(
  directory: Directory,
  principal: Pick<ServicePrincipal, 'id' | 'displayName' | 'accountEnabled' | 'document'>,
): void {
  directory
    .prepare('UPDATE service_principals SET display_name = ?, account_enabled = ?, document = ? WHERE id = ?')
    .run(
      principal.displayName,
      principal.accountEnabled ? 1 : 0,
      JSON.stringify(principal.document),
      principal.id,
    );
}

export function findServicePrincipal(
  directory: Directory,
  tenantId: string,
  id: string,
): ServicePrincipal | undefined {
  const row = selectOne<ServicePrincipalRow>(
    directory,
    'SELECT * FROM service_principals WHERE id = ? AND tenant_id = ?',
    id.toLowerCase(),
    tenantId,
  );
  return row && toServicePrincipal(row);
}

export function findServicePrincipalByAppId(
  directory: Directory,
  tenantId: string,
  appId: string,
): ServicePrincipal | undefined {
  const row = selectOne<ServicePrincipalRow>(
    directory,
    'SELECT * FROM service_principals WHERE tenant_id = ? AND app_id = ?',
    tenantId,
    appId.toLowerCase(),
  );
  return row && toServicePrincipal(row);
}

/** Deletes a principal for good, with what was granted to it and on it. */
export function deleteServicePrincipal(directory: Directory, principalId: string): void {
  directory.transaction(() => {
    directory
      .prepare('DELETE FROM permission_grants WHERE client_id = ?1 OR resource_id = ?1')
      .run(principalId);
    directory
      .prepare('DELETE FROM app_role_assignments WHERE principal_id = ?1 OR resource_id = ?1')
      .run(principalId);
    directory.prepare('DELETE FROM service_principal_owners WHERE service_principal_id = ?').run(principalId);
    directory.prepare('DELETE FROM service_principals WHERE id = ?').run(principalId);
  });
}

export function listServicePrincipals(directory: Directory, tenantId: string): ServicePrincipal[] {
  return selectAll<ServicePrincipalRow>(
    directory,
    'SELECT * FROM service_principals WHERE tenant_id = ? ORDER BY display_name, id',
    tenantId,
  ).map(toServicePrincipal);
}

function toServicePrincipal(row: ServicePrincipalRow): ServicePrincipal {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    displayName: row.display_name,
    accountEnabled: row.account_enabled === 1,
    document: readRow(documentSchema, row.document),
  };
}
