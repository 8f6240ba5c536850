import { isReference, type RecordStore, type Reference, type StoredRecord } from '../storage/record-store.ts';
import type { Collection } from '../tables/schema.ts';

/** The rows that a collection-valued navigation property of one row holds. */
export function* collectionRows(
  store: RecordStore,
  source: Reference,
  collection: Collection,
): Generator<StoredRecord> {
  if (collection.kind === 'oneToMany') {
    for (const record of store.list(collection.table)) {
      if (pointsAt(record, collection.column.name, source)) yield record;
    }
    return;
  }
  for (const pair of store.list(collection.relation.intersect)) {
    if (pair.values[`${source.table}id`] !== source.id) continue;
    const member = pair.values[`${collection.table}id`];
    const record = typeof member === 'string' ? store.find(collection.table, member) : undefined;
    if (record) yield record;
  }
}

/** Whether a row's lookup holds this reference. */
export function pointsAt(record: StoredRecord, column: string, { table, id }: Reference): boolean {
  const value = record.values[column] ?? null;
  return isReference(value) && value.table === table && value.id === id;
}
