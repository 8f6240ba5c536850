import { randomBytes } from 'node:crypto';
import { isNumber, isText, objectOf, oneOf } from '../ground/read-row.ts';
import { listGroupsOf } from './groups.ts';
import { type Directory, selectAll } from './open-directory.ts';

/** A role of an API or an app, given to a service principal, a person or a group (Graph `appRoleAssignment`). */
export interface AppRoleAssignment {
  /** Opaque text, not a GUID. */
  id: string;
  tenantId: string;
  appRoleId: string;
  /** Object id of who holds the role; of a group, those who are in it themselves. */
  principalId: string;
  principalType: 'Group' | 'ServicePrincipal' | 'User';
  /** Object id of the resource's service principal. */
  resourceId: string;
  createdAt: number;
}

/** An assignment as it is kept of what was deleted. */
export const appRoleAssignmentSchema = objectOf<AppRoleAssignment>({
  id: isText,
  tenantId: isText,
  appRoleId: isText,
  principalId: isText,
  principalType: oneOf('Group', 'ServicePrincipal', 'User'),
  resourceId: isText,
  createdAt: isNumber,
});

interface AssignmentRow {
  id: string;
  tenant_id: string;
  app_role_id: string;
  principal_id: string;
  principal_type: AppRoleAssignment['principalType'];
  resource_id: string;
  created_at: number;
}

const idBytes = 32;

/** @throws the SQLite constraint error when the principal holds the role already */
export function createAppRoleAssignment(
  directory: Directory,
  assignment: Omit<AppRoleAssignment, 'id' | 'createdAt'>,
): AppRoleAssignment {
  const created = {
    ...assignment,
    id: randomBytes(idBytes).toString('base64url'),
    createdAt: directory.clock.now(),
  };
  insertAppRoleAssignment(directory, created);
  return created;
}

/** @throws the SQLite constraint error when the principal holds the role already */
export function insertAppRoleAssignment(directory: Directory, assignment: AppRoleAssignment): void {
  directory
    .prepare(
      `INSERT INTO app_role_assignments
         (id, tenant_id, app_role_id, principal_id, principal_type, resource_id, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      assignment.id,
      assignment.tenantId,
      assignment.appRoleId,
      assignment.principalId,
      assignment.principalType,
      assignment.resourceId,
      assignment.createdAt,
    );
}

/** Assignments that a principal holds, on one resource or on all. */
export function listAppRoleAssignments(
  directory: Directory,
  principalId: string,
  resourceId?: string,
): AppRoleAssignment[] {
  return selectAll<AssignmentRow>(
    directory,
    `SELECT * FROM app_role_assignments WHERE principal_id = ?1 AND (?2 IS NULL OR resource_id = ?2)
     ORDER BY created_at, id`,
    principalId,
    resourceId ?? null,
  ).map(toAssignment);
}

/** Assignments on a resource that a person has: their own, and those of the groups that they are in themselves. */
export function listAssignmentsOfPerson(
  directory: Directory,
  userId: string,
  resourceId: string,
): AppRoleAssignment[] {
  const holders = [userId, ...listGroupsOf(directory, userId).map(({ id }) => id)];
  return holders.flatMap((id) => listAppRoleAssignments(directory, id, resourceId));
}

/** Assignments on a resource, whoever holds them. */
export function listAppRoleAssignedTo(directory: Directory, resourceId: string): AppRoleAssignment[] {
  return selectAll<AssignmentRow>(
    directory,
    'SELECT * FROM app_role_assignments WHERE resource_id = ? ORDER BY created_at, id',
    resourceId,
  ).map(toAssignment);
}

export function deleteAppRoleAssignment(directory: Directory, id: string): void {
  directory.prepare('DELETE FROM app_role_assignments WHERE id = ?').run(id);
}

function toAssignment(row: AssignmentRow): AppRoleAssignment {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appRoleId: row.app_role_id,
    principalId: row.principal_id,
    principalType: row.principal_type,
    resourceId: row.resource_id,
    createdAt: row.created_at,
  };
}
