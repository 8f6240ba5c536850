import type { OrderItem } from '../../odata/parse-clauses.ts';
import { printExpression } from '../../odata/print-expression.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { RecordStore, StoredRecord } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';
import { type Comparable, compareValues, kindOf, toComparable } from './comparable.ts';
import { referencedName, resolveProperty } from './resolve-property.ts';

/** One column of an order, and how a row's place in it is computed. */
export interface OrderColumn {
  /** Names the column in the paging cookie. */
  name: string;
  kind: 'text' | 'number';
  descending: boolean;
  read(record: StoredRecord): string | number | null;
}

/** A row's place: one part for each order column. */
export type OrderKey = readonly (string | number | null)[];

/**
 * Compiles `$orderby`. Choices sort by their number, lookups (as `_x_value`) by the name of the row they point
 * at, empty values before all others. The primary key comes last, so that every row has a place of its own.
 *
 * @throws DataverseError 400 when an item is no property
 */
export function compileOrder(store: RecordStore, table: Table, items: readonly OrderItem[]): OrderColumn[] {
  const columns = items.map((item) => compileItem(store, table, item));
  const { primaryKey } = table.definition;
  const keyColumn: OrderColumn = {
    name: primaryKey,
    kind: 'text',
    descending: false,
    read: (record) => record.id,
  };
  return [...columns, keyColumn];
}

export function orderKeyOf(columns: readonly OrderColumn[], record: StoredRecord): OrderKey {
  return columns.map((column) => column.read(record));
}

/** As for `Array.sort`. */
export function compareOrderKeys(columns: readonly OrderColumn[], left: OrderKey, right: OrderKey): number {
  for (const [index, column] of columns.entries()) {
    const difference = compareParts(left[index] ?? null, right[index] ?? null);
    if (difference !== 0) return column.descending ? -difference : difference;
  }
  return 0;
}

function compileItem(store: RecordStore, table: Table, { expression, descending }: OrderItem): OrderColumn {
  if (expression.kind !== 'path') {
    throw new DataverseError(
      'badQuery',
      `The $orderby expression '${printExpression(expression)}' must evaluate to a single value of primitive type.`,
    );
  }
  const property = resolveProperty(store, table, expression.names);
  const { column } = property;
  const name = property.path.replaceAll('/', '.');
  if (column.type === 'lookup') {
    const read = (record: StoredRecord) => referencedName(store, property.read(record));
    return { name, kind: 'text', descending, read };
  }
  const kind = ['text', 'guid'].includes(kindOf(column)) ? 'text' : 'number';
  return { name, kind, descending, read: (record) => toPart(toComparable(column, property.read(record))) };
}

function toPart(value: Comparable | null): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

function compareParts(left: string | number | null, right: string | number | null): number {
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return compareValues(left, right);
}
