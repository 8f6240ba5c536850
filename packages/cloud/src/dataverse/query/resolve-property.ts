import { DataverseError } from '../errors/dataverse-error.ts';
import { isReference, type RecordStore, type StoredRecord, type Value } from '../storage/record-store.ts';
import { type Column, propertyNameOf } from '../tables/column.ts';
import { type Table, tableNamed } from '../tables/schema.ts';

/** A property that a query names, found in the schema. */
export interface ResolvedProperty {
  column: Column;
  /** As the query writes it: `name`, `primarycontactid/fullname`. */
  path: string;
  /** The property's value for one row of the query's table; null where a lookup on the way is empty. */
  read(record: StoredRecord): Value;
}

/**
 * Finds the property at the end of a path of single-valued navigation properties.
 *
 * @throws DataverseError 400 when a name is not in the schema
 */
export function resolveProperty(
  store: RecordStore,
  table: Table,
  names: readonly string[],
): ResolvedProperty {
  const [first = '', ...rest] = names;
  if (rest.length === 0) {
    const column = table.properties.get(first);
    if (!column) throw unknownProperty(table, first);
    return { column, path: first, read: (record) => readColumn(record, column) };
  }
  const navigation = table.navigations.get(first);
  if (!navigation) {
    if (!table.collections.has(first)) throw unknownProperty(table, first);
    const problem = `'${first}' is a collection: it can be filtered by any() and all() only.`;
    throw new DataverseError('badQuery', problem);
  }
  const { column, target } = navigation;
  const inner = resolveProperty(store, tableNamed(target.table), rest);
  return {
    column: inner.column,
    path: names.join('/'),
    read(record) {
      const reference = readColumn(record, column);
      if (!isReference(reference) || reference.table !== target.table) return null;
      const related = store.find(reference.table, reference.id);
      return related ? inner.read(related) : null;
    },
  };
}

/** The content of one column of a row. */
export function readColumn(record: StoredRecord, column: Column): Value {
  if (column.name === 'versionnumber') return record.version;
  return record.values[column.name] ?? null;
}

/** The name that stands for the row a lookup points at; null when it is empty. */
export function referencedName(store: RecordStore, value: Value): string | null {
  if (!isReference(value)) return null;
  const { primaryName } = tableNamed(value.table).definition;
  const name = primaryName && store.find(value.table, value.id)?.values[primaryName];
  return typeof name === 'string' ? name : null;
}

/** The refusal that the Web API gives for a name that a table does not have. */
export function unknownProperty(table: Table, name: string): DataverseError {
  const type = `Microsoft.Dynamics.CRM.${table.definition.logicalName}`;
  const column = table.columns.get(name);
  const hint = column?.type === 'lookup' ? ` A lookup is read as '${propertyNameOf(column)}'.` : '';
  return new DataverseError(
    'badQuery',
    `Could not find a property named '${name}' on type '${type}'.${hint}`,
  );
}
