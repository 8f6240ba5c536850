import { readRow } from '../ground/read-row.ts';
import { type ApplicationDocument, applicationDocumentSchema } from './application-document.ts';
import { softDeleteServicePrincipal } from './deleted-service-principals.ts';
import { changesRow, type Directory, selectAll, selectOne } from './open-directory.ts';
import { findServicePrincipalByAppId } from './service-principals.ts';

/** An application: the definition, living in its home tenant. `appId` is the OAuth client id. */
export interface Application {
  /** Directory object id, used in Graph's paths. */
  id: string;
  tenantId: string;
  appId: string;
  displayName: string;
  createdAt: number;
  /** Soft delete; null while alive. */
  deletedAt: number | null;
  document: ApplicationDocument;
}

interface ApplicationRow {
  id: string;
  tenant_id: string;
  app_id: string;
  display_name: string;
  created_at: number;
  deleted_at: number | null;
  document: string;
}

export function createApplication(directory: Directory, application: Omit<Application, 'deletedAt'>): void {
  directory
    .prepare(
      `INSERT INTO applications (id, tenant_id, app_id, display_name, created_at, document)
       VALUES (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      application.id,
      application.tenantId,
      application.appId,
      application.displayName,
      application.createdAt,
      JSON.stringify(application.document),
    );
}

/** Finds a living application by its object id within its home tenant. */
export function findApplication(directory: Directory, tenantId: string, id: string): Application | undefined {
  const row = selectOne<ApplicationRow>(
    directory,
    'SELECT * FROM applications WHERE id = ? AND tenant_id = ? AND deleted_at IS NULL',
    id.toLowerCase(),
    tenantId,
  );
  return row && toApplication(row);
}

/** Finds a living application by its client id, whatever its home tenant. */
export function findApplicationByAppId(directory: Directory, appId: string): Application | undefined {
  const row = selectOne<ApplicationRow>(
    directory,
    'SELECT * FROM applications WHERE app_id = ? AND deleted_at IS NULL',
    appId.toLowerCase(),
  );
  return row && toApplication(row);
}

/** Finds a living application by its alternate key, which is unique within its home tenant. */
export function findApplicationByUniqueName(
  directory: Directory,
  tenantId: string,
  uniqueName: string,
): Application | undefined {
  const row = selectOne<ApplicationRow>(
    directory,
    `SELECT * FROM applications
     WHERE tenant_id = ? AND json_extract(document, '$.uniqueName') = ? AND deleted_at IS NULL`,
    tenantId,
    uniqueName,
  );
  return row && toApplication(row);
}

/** Whether an application is in the bin, from where it can be restored. */
export function isDeletedApplication(directory: Directory, appId: string): boolean {
  const row = selectOne<{ id: string }>(
    directory,
    'SELECT id FROM applications WHERE app_id = ? AND deleted_at IS NOT NULL',
    appId.toLowerCase(),
  );
  return row !== undefined;
}

export function listApplications(directory: Directory, tenantId: string): Application[] {
  return selectAll<ApplicationRow>(
    directory,
    'SELECT * FROM applications WHERE tenant_id = ? AND deleted_at IS NULL ORDER BY display_name, id',
    tenantId,
  ).map(toApplication);
}

/** Living applications that a person or a service principal owns. */
export function listOwnedApplications(
  directory: Directory,
  tenantId: string,
  ownerId: string,
): Application[] {
  return selectAll<ApplicationRow>(
    directory,
    `SELECT applications.* FROM applications
     JOIN application_owners ON application_owners.application_id = applications.id
     WHERE tenant_id = ? AND owner_id = ? AND deleted_at IS NULL ORDER BY display_name, id`,
    tenantId,
    ownerId,
  ).map(toApplication);
}

/** Soft-deleted applications of a tenant, under Graph's `/directory/deletedItems`. */
export function listDeletedApplications(directory: Directory, tenantId: string): Application[] {
  return selectAll<ApplicationRow>(
    directory,
    'SELECT * FROM applications WHERE tenant_id = ? AND deleted_at IS NOT NULL ORDER BY deleted_at, id',
    tenantId,
  ).map(toApplication);
}

export function updateApplication(
  directory: Directory,
  application: Pick<Application, 'id' | 'displayName' | 'document'>,
): void {
  directory
    .prepare('UPDATE applications SET display_name = ?, document = ? WHERE id = ?')
    .run(application.displayName, JSON.stringify(application.document), application.id);
}

/** Marks as deleted; its service principal in the home tenant goes the same way. */
export function softDeleteApplication(directory: Directory, application: Application): void {
  directory.transaction(() => {
    directory
      .prepare('UPDATE applications SET deleted_at = ? WHERE id = ?')
      .run(directory.clock.now(), application.id);
    const principal = findServicePrincipalByAppId(directory, application.tenantId, application.appId);
    if (principal) softDeleteServicePrincipal(directory, principal);
  });
}

/** Restores within the home tenant; the service principal does not come back by itself. */
export function restoreApplication(directory: Directory, id: string): void {
  directory.prepare('UPDATE applications SET deleted_at = NULL WHERE id = ?').run(id);
}

/** The final delete: nothing of the application is left. */
export function purgeApplication(directory: Directory, id: string): void {
  directory.transaction(() => {
    directory.prepare('DELETE FROM client_secrets WHERE application_id = ?').run(id);
    directory.prepare('DELETE FROM application_owners WHERE application_id = ?').run(id);
    directory.prepare('DELETE FROM applications WHERE id = ?').run(id);
  });
}

export function addOwner(directory: Directory, applicationId: string, ownerId: string): void {
  directory
    .prepare('INSERT OR IGNORE INTO application_owners (application_id, owner_id) VALUES (?, ?)')
    .run(applicationId, ownerId);
}

/** Returns whether there was such an owner. */
export function removeOwner(directory: Directory, applicationId: string, ownerId: string): boolean {
  const sql = 'DELETE FROM application_owners WHERE application_id = ? AND owner_id = ?';
  return changesRow(directory, sql, applicationId, ownerId);
}

export function listOwnerIds(directory: Directory, applicationId: string): string[] {
  return selectAll<{ owner_id: string }>(
    directory,
    'SELECT owner_id FROM application_owners WHERE application_id = ? ORDER BY owner_id',
    applicationId,
  ).map((row) => row.owner_id);
}

function toApplication(row: ApplicationRow): Application {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    displayName: row.display_name,
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
    document: readRow(applicationDocumentSchema, row.document),
  };
}
