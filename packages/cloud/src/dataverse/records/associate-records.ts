import type { DataverseCall } from '../call/dataverse-call.ts';
import type { RecordStore, Reference, StoredRecord } from '../storage/record-store.ts';
import { type Collection, tableNamed } from '../tables/schema.ts';
import { checkPermission } from './check-permission.ts';
import { pointsAt } from './collection-rows.ts';
import { recordNotFound } from './record-key.ts';
import { writeRecord } from './write-record.ts';

/**
 * Adds a row to a collection of another: sets its lookup, or makes the pair. What is in already stays in.
 * Only within a transaction of the store.
 *
 * @throws DataverseError 404 when the member is gone, 403 when the caller may not write it
 */
export function associateRecords(
  call: DataverseCall,
  source: Reference,
  collection: Collection,
  member: Reference,
): void {
  if (collection.kind === 'oneToMany') {
    setLookup(call, collection, member, source);
    return;
  }
  checkPermission(call, tableNamed(source.table).definition, 'update');
  addPair(call, collection.relation.intersect, source, member);
}

/** Takes a row out of a collection; one that is not in it is not found. Only within a transaction of the store. */
export function disassociateRecords(
  call: DataverseCall,
  source: Reference,
  collection: Collection,
  member: Reference,
): void {
  if (collection.kind === 'oneToMany') {
    const record = call.store.find(member.table, member.id);
    if (!record || !pointsAt(record, collection.column.name, source))
      throw recordNotFound(member.table, member.id);
    setLookup(call, collection, member, null);
    return;
  }
  checkPermission(call, tableNamed(source.table).definition, 'update');
  const { intersect } = collection.relation;
  const pair = findPair(call.store, intersect, source, member);
  if (!pair) throw recordNotFound(member.table, member.id);
  call.store.remove(intersect, pair.id);
}

/** Pairs two rows in an intersect table, once. Only within a transaction of the store. */
export function addPair(
  { store, context }: Pick<DataverseCall, 'store' | 'context'>,
  intersect: string,
  one: Reference,
  other: Reference,
): void {
  if (findPair(store, intersect, one, other)) return;
  const id = context.random.guid();
  const { primaryKey } = tableNamed(intersect).definition;
  store.put(intersect, id, { [primaryKey]: id, [`${one.table}id`]: one.id, [`${other.table}id`]: other.id });
}

function findPair(
  store: RecordStore,
  intersect: string,
  one: Reference,
  other: Reference,
): StoredRecord | undefined {
  for (const pair of store.list(intersect)) {
    const { values } = pair;
    if (values[`${one.table}id`] === one.id && values[`${other.table}id`] === other.id) return pair;
  }
  return undefined;
}

function setLookup(
  call: DataverseCall,
  collection: Extract<Collection, { kind: 'oneToMany' }>,
  member: Reference,
  value: Reference | null,
): void {
  const { store, context, caller } = call;
  const table = tableNamed(member.table);
  checkPermission(call, table.definition, 'update');
  const before = store.find(member.table, member.id);
  if (!before) throw recordNotFound(member.table, member.id);
  const scope = { store, userId: caller.userId, now: context.clock.now() };
  writeRecord(scope, table, { id: member.id, before }, { [collection.column.name]: value });
}
