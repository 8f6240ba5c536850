import { compareTexts } from '../storage/collation.ts';
import { isReference, type Value } from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';

/** What can be compared with what. Moments compare as epoch milliseconds, lookups by the id they hold. */
export type ComparableKind = 'text' | 'number' | 'boolean' | 'guid' | 'moment';

export type Comparable = string | number | boolean;

const kinds: Readonly<Record<Column['type'], ComparableKind>> = {
  string: 'text',
  memo: 'text',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  double: 'number',
  money: 'number',
  choice: 'number',
  boolean: 'boolean',
  dateTime: 'moment',
  date: 'moment',
  guid: 'guid',
  lookup: 'guid',
};

export function kindOf(column: Column): ComparableKind {
  return kinds[column.type];
}

/** The form in which a column's value is compared. */
export function toComparable(column: Column, value: Value): Comparable | null {
  if (isReference(value)) return value.id;
  return typeof value === 'string' && kindOf(column) === 'moment' ? Date.parse(value) : value;
}

/** Negative, zero or positive, as for `Array.sort`; both of one kind. */
export function compareValues(left: Comparable, right: Comparable): number {
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right);
  return Number(left) - Number(right);
}
