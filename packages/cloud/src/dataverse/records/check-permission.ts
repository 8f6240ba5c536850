import type { DataverseCall } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { TableDefinition } from '../tables/table-definition.ts';

export type WriteOperation = 'create' | 'update' | 'delete';

const privileges = { create: 'Create', update: 'Write', delete: 'Delete' } as const;

/**
 * Whether the table takes this operation at all, and from this caller: the tables of users, roles and the
 * organization are written by System Administrators only.
 *
 * @throws DataverseError 405 or 403
 */
export function checkPermission(
  { caller }: DataverseCall,
  { logicalName, objectTypeCode, operations, administratorsOnly }: TableDefinition,
  operation: WriteOperation,
): void {
  const privilege = privileges[operation];
  if (!operations[operation]) {
    const problem = `The '${privilege}' method does not support entities of type '${logicalName}'.`;
    throw new DataverseError('operationNotAllowed', problem);
  }
  if (administratorsOnly && !caller.isAdministrator) {
    throw new DataverseError(
      'privilegeDenied',
      `Principal user (Id=${caller.userId}, type=8, roleCount=${caller.roleCount}) is missing prv${privilege}${capitalise(logicalName)} privilege on OTC=${objectTypeCode} for entity '${logicalName}'.`,
    );
  }
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
