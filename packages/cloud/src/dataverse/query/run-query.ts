import type { RecordStore, StoredRecord } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';
import { compileFilter } from './compile-filter.ts';
import { compareOrderKeys, compileOrder, type OrderKey, orderKeyOf } from './compile-order.ts';
import { readSkipToken, writeSkipToken } from './paging-cookie.ts';
import { largestPage, type QueryOptions } from './query-options.ts';

/** Where rows are looked for: a whole table, or the rows that a record's collection holds. */
export interface RowSource {
  store: RecordStore;
  table: Table;
  rows: Iterable<StoredRecord>;
}

export interface QueryResult {
  records: StoredRecord[];
  /** How many rows the filter lets through, whatever the page. */
  total: number;
  /** Set when there is a page after this one. */
  nextSkipToken: string | null;
}

/**
 * Answers a list: filter, order, page. With a page size `$top` is passed over, as the real service does.
 *
 * @param pageSize `odata.maxpagesize` of the request
 * @throws DataverseError, as the compilers of filter and order do
 */
export function runQuery(source: RowSource, options: QueryOptions, pageSize: number | null): QueryResult {
  const { store, table } = source;
  const order = compileOrder(store, table, options.orderBy);
  const start = options.skipToken === null ? null : readSkipToken(order, options.skipToken);
  const found = filterRows(source, options);
  const places = found
    .map((record) => ({ record, key: orderKeyOf(order, record) }))
    .sort((left, right) => compareOrderKeys(order, left.key, right.key));
  const first = start ? firstAfter(places, (key) => compareOrderKeys(order, key, start.after)) : 0;
  const isPaged = pageSize !== null || options.top === null;
  const size = isPaged ? Math.min(pageSize ?? largestPage, largestPage) : (options.top ?? largestPage);
  const page = places.slice(first, first + size);
  const [head, tail] = [page[0], page.at(-1)];
  const isLast = !isPaged || first + size >= places.length || !head || !tail;
  return {
    records: page.map((place) => place.record),
    total: places.length,
    nextSkipToken: isLast
      ? null
      : writeSkipToken(order, { pageNumber: (start?.pageNumber ?? 1) + 1, first: head.key, last: tail.key }),
  };
}

/** Counts the rows that a filter lets through. */
export function countRows(source: RowSource, options: QueryOptions): number {
  return filterRows(source, options).length;
}

function filterRows({ store, table, rows }: RowSource, options: QueryOptions): StoredRecord[] {
  const all = [...rows];
  if (!options.filter) return all;
  return all.filter(compileFilter({ store, table, aliases: options.aliases }, options.filter));
}

/** Binary search: the index of the first place that comes after the given one. */
function firstAfter(
  places: readonly { key: OrderKey }[],
  compareWithGiven: (key: OrderKey) => number,
): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = places[middle];
    if (place && compareWithGiven(place.key) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
