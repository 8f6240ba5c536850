import type { DataverseCall } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { checkPermission } from '../records/check-permission.ts';
import { pointsAt } from '../records/collection-rows.ts';
import { writeRecord } from '../records/write-record.ts';
import type { Reference, StoredRecord } from '../storage/record-store.ts';
import type { DeleteBehaviour } from '../tables/column.ts';
import { schema, type Table, tableNamed } from '../tables/schema.ts';
import { checkApplicationUserDeletable } from '../users/application-users.ts';

/**
 * Deletes a row and does to the rows that point at it what their relation says: they go too, lose the link,
 * or forbid the deletion. All or nothing.
 *
 * @throws DataverseError 403, or 405 when the table or a related row forbids it
 */
export function deleteRecord(call: DataverseCall, table: Table, record: StoredRecord): void {
  checkPermission(call, table.definition, 'delete');
  if (table.definition.logicalName === 'systemuser') checkApplicationUserDeletable(record);
  call.store.transaction(() => deleteWithRelated(call, table, record));
}

function deleteWithRelated(call: DataverseCall, table: Table, record: StoredRecord): void {
  const { store } = call;
  const source = { table: table.definition.logicalName, id: record.id };
  const related = [...relatedRows(call, source)];
  if (related.some(({ onDelete }) => onDelete === 'restrict')) {
    throw new DataverseError(
      'stillAssociated',
      'The object cannot be deleted because it is associated with another object.',
    );
  }
  // The row goes first, so that rows which point at each other don't go in circles.
  store.remove(source.table, source.id);
  removePairs(call, source);
  for (const { row, column, onDelete } of related) {
    const current = store.find(row.table, row.id);
    if (!current) continue;
    if (onDelete === 'cascade') deleteWithRelated(call, tableNamed(row.table), current);
    else unlink(call, row, current, column);
  }
}

function* relatedRows(
  { store }: DataverseCall,
  source: Reference,
): Generator<{ row: Reference; column: string; onDelete: DeleteBehaviour }> {
  for (const { definition, navigations } of schema.tables) {
    for (const { column, target } of navigations.values()) {
      if (target.table !== source.table) continue;
      for (const record of store.list(definition.logicalName)) {
        const isSelf = definition.logicalName === source.table && record.id === source.id;
        if (isSelf || !pointsAt(record, column.name, source)) continue;
        yield {
          row: { table: definition.logicalName, id: record.id },
          column: column.name,
          onDelete: target.onDelete,
        };
      }
    }
  }
}

function removePairs({ store }: DataverseCall, source: Reference): void {
  for (const collection of tableNamed(source.table).collections.values()) {
    if (collection.kind !== 'manyToMany') continue;
    const { intersect } = collection.relation;
    for (const pair of store.list(intersect)) {
      if (pair.values[`${source.table}id`] === source.id) store.remove(intersect, pair.id);
    }
  }
}

function unlink(
  { store, caller, context }: DataverseCall,
  row: Reference,
  before: StoredRecord,
  column: string,
): void {
  const scope = { store, userId: caller.userId, now: context.clock.now() };
  writeRecord(scope, tableNamed(row.table), { id: row.id, before }, { [column]: null });
}
