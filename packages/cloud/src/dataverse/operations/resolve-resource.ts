import type { Argument } from '../../odata/expression.ts';
import type { PathStep } from '../../odata/parse-resource-path.ts';
import { DataverseError, notAvailable } from '../errors/dataverse-error.ts';
import { readColumn } from '../query/resolve-property.ts';
import { parseRecordKey, type RecordKey, requireByKey } from '../records/record-key.ts';
import { isReference, type RecordStore, type Reference, type StoredRecord } from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';
import { type Collection, type Navigation, schema, type Table, tableNamed } from '../tables/schema.ts';
import { isOfRealWebApi } from './later-resources.ts';

/** The rows of an entity set, or of a collection of one row. */
export interface CollectionResource {
  kind: 'collection' | 'count';
  table: Table;
  within: { source: Reference; collection: Collection } | null;
}

export interface RecordResource {
  kind: 'record';
  table: Table;
  key: RecordKey;
}

export interface PropertyResource {
  kind: 'property' | 'rawValue';
  table: Table;
  record: StoredRecord;
  column: Column;
}

export interface ReferenceResource {
  kind: 'reference';
  table: Table;
  record: StoredRecord;
  navigation: Navigation;
}

export interface CollectionReferenceResource {
  kind: 'collectionReference';
  source: Reference;
  collection: Collection;
  /** The row that the path names within the collection. */
  member: Reference | null;
}

export interface FunctionResource {
  kind: 'function';
  name: (typeof functions)[number];
  arguments: readonly Argument[];
}

/** What a path leads to. `nothing` is the far side of an empty lookup. */
export type Resource =
  | { kind: 'serviceDocument' | 'metadata' | 'nothing' }
  | FunctionResource
  | CollectionResource
  | RecordResource
  | PropertyResource
  | ReferenceResource
  | CollectionReferenceResource;

const functions = ['WhoAmI', 'RetrieveVersion', 'RetrieveCurrentOrganization'] as const;

/**
 * Follows a resource path through the schema, and through the rows where it leads over lookups.
 *
 * @throws DataverseError 404 for a step that leads nowhere, 400 for a bad key, 501 for what is not built yet
 */
export function resolveResource(store: RecordStore, steps: readonly PathStep[]): Resource {
  const [first, ...rest] = steps;
  if (!first) return { kind: 'serviceDocument' };
  const table = schema.byEntitySet.get(first.name);
  if (table) return resolveInTable(store, { kind: 'collection', table, within: null }, first, rest);
  if (first.name === '$metadata' && rest.length === 0) return { kind: 'metadata' };
  const name = functions.find((known) => known === first.name);
  if (name && rest.length === 0) return { kind: 'function', name, arguments: first.arguments ?? [] };
  if (isOfRealWebApi(first.name)) throw notAvailable(`'${first.name}'`);
  throw unknownSegment(first.name);
}

/** After an entity set or collection: its rows, their number, references to them, or one of them. */
function resolveInTable(
  store: RecordStore,
  resource: CollectionResource,
  step: PathStep,
  rest: readonly PathStep[],
): Resource {
  const { table, within } = resource;
  const [next, ...beyond] = rest;
  if (!step.arguments) {
    if (!next) return resource;
    if (beyond.length === 0 && next.name === '$count') return { ...resource, kind: 'count' };
    if (beyond.length === 0 && next.name === '$ref' && within) {
      return { kind: 'collectionReference', ...within, member: null };
    }
    throw unknownSegment(next.name);
  }
  const key = parseRecordKey(table, step.arguments);
  if (!next) return { kind: 'record', table, key };
  if (within && next.name === '$ref' && beyond.length === 0) {
    const member = { table: table.definition.logicalName, id: requireByKey(store, table, key).id };
    return { kind: 'collectionReference', ...within, member };
  }
  return resolveInRecord(store, table, requireByKey(store, table, key), rest);
}

/** After one row: a property, the row a lookup points at, or a collection. */
function resolveInRecord(
  store: RecordStore,
  table: Table,
  record: StoredRecord,
  steps: readonly PathStep[],
): Resource {
  const [step, ...rest] = steps;
  if (!step) {
    return { kind: 'record', table, key: { kind: 'id', id: record.id } };
  }
  const column = table.properties.get(step.name);
  const navigation = table.navigations.get(step.name);
  const collection = table.collections.get(step.name);
  const [next, ...beyond] = rest;
  if (column && !step.arguments) {
    if (!next) return { kind: 'property', table, record, column };
    if (next.name === '$value' && beyond.length === 0) return { kind: 'rawValue', table, record, column };
    throw unknownSegment(next.name);
  }
  if (navigation && !step.arguments) {
    if (next?.name === '$ref' && beyond.length === 0) return { kind: 'reference', table, record, navigation };
    return followLookup(store, record, navigation, rest);
  }
  if (collection) {
    const source = { table: table.definition.logicalName, id: record.id };
    const resource: CollectionResource = {
      kind: 'collection',
      table: tableNamed(collection.table),
      within: { source, collection },
    };
    return resolveInTable(store, resource, step, rest);
  }
  if (step.name.startsWith('Microsoft.Dynamics.CRM.')) throw notAvailable(`'${step.name}'`);
  throw unknownSegment(step.name);
}

function followLookup(
  store: RecordStore,
  record: StoredRecord,
  { column, target }: Navigation,
  rest: readonly PathStep[],
): Resource {
  const reference = readColumn(record, column);
  const related =
    isReference(reference) && reference.table === target.table
      ? store.find(target.table, reference.id)
      : undefined;
  return related ? resolveInRecord(store, tableNamed(target.table), related, rest) : { kind: 'nothing' };
}

function unknownSegment(name: string): DataverseError {
  return new DataverseError('unknownSegment', `Resource not found for the segment '${name}'.`);
}
