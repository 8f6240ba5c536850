import type { SelectItem } from '../../odata/parse-clauses.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { Column } from '../tables/column.ts';
import type { Table } from '../tables/schema.ts';
import { unknownProperty } from './resolve-property.ts';

/** Which columns an answer carries. */
export interface Selection {
  columns: readonly Column[];
  /** The list in the context URL, e.g. `(name,revenue)`; empty when all columns are carried. */
  context: string;
}

/**
 * Applies `$select`: the columns asked for, in that order, the currency of sums of money among them, and
 * always the primary key.
 *
 * @throws DataverseError 400 for names that are no property of the table
 */
export function selectColumns(table: Table, items: readonly SelectItem[] | null): Selection {
  if (!items || items.some(([name]) => name === '*')) {
    return { columns: table.definition.columns, context: '' };
  }
  const chosen = new Set(items.map((names) => columnOf(table, names)));
  const context = `(${items.map((names) => names.join('/')).join(',')})`;
  const currency = table.columns.get('transactioncurrencyid');
  if (currency && [...chosen].some((column) => column.type === 'money')) chosen.add(currency);
  const key = table.columns.get(table.definition.primaryKey);
  if (key) chosen.add(key);
  return { columns: [...chosen], context };
}

function columnOf(table: Table, names: SelectItem): Column {
  const [name = '', ...rest] = names;
  if (rest.length > 0) {
    const problem = `Found a path with multiple navigation properties or a bad complex property path in a select clause: '${names.join('/')}'. Use $expand for columns of related rows.`;
    throw new DataverseError('badQuery', problem);
  }
  const column = table.properties.get(name);
  if (!column) throw unknownProperty(table, name);
  return column;
}
