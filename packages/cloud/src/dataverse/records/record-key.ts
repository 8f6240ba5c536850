import type { Argument, Expression } from '../../odata/expression.ts';
import { parseResourcePath } from '../../odata/parse-resource-path.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { foldText } from '../storage/collation.ts';
import type { RecordStore, StoredRecord, Value, Values } from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';
import { schema, type Table } from '../tables/schema.ts';
import { validateValue } from './validate-value.ts';

/** How a URL names one row: by its id, or by the values of an alternate key. */
export type RecordKey = { kind: 'id'; id: string } | { kind: 'alternate'; values: Values };

/**
 * Reads what stands in the parentheses after an entity set.
 *
 * @throws DataverseError 400 when it is no key of the table
 */
export function parseRecordKey(table: Table, given: readonly Argument[]): RecordKey {
  const [first] = given;
  const { primaryKey, alternateKeys } = table.definition;
  if (given.length === 1 && first && (first.name === null || first.name === primaryKey)) {
    if (first.value.kind === 'literal' && first.value.type === 'guid') {
      return { kind: 'id', id: first.value.text.toLowerCase() };
    }
    throw invalidKey(table);
  }
  const names = given.map((argument) => argument.name ?? '').sort();
  const isKey = alternateKeys.some((key) => key.toSorted().join() === names.join());
  if (!isKey) throw invalidKey(table);
  const values = given.map(({ name, value }): [string, Value] => {
    const column = table.columns.get(name ?? '');
    if (!column) throw invalidKey(table);
    return [column.name, validateValue(table.definition, column, literalContent(table, column, value))];
  });
  return { kind: 'alternate', values: Object.fromEntries(values) };
}

export function findByKey(store: RecordStore, table: Table, key: RecordKey): StoredRecord | undefined {
  const { logicalName } = table.definition;
  if (key.kind === 'id') return store.find(logicalName, key.id);
  return findByValues(store, logicalName, key.values);
}

/** @throws DataverseError 404 when there is no such row */
export function requireByKey(store: RecordStore, table: Table, key: RecordKey): StoredRecord {
  const record = findByKey(store, table, key);
  if (record) return record;
  const { logicalName } = table.definition;
  if (key.kind === 'id') throw recordNotFound(logicalName, key.id);
  const problem = `A record with the specified key values does not exist in ${logicalName} entity`;
  throw new DataverseError('keyNotFound', problem);
}

/** The first row whose columns hold these values, text as the database compares it. */
export function findByValues(
  store: RecordStore,
  logicalName: string,
  values: Values,
): StoredRecord | undefined {
  const wanted = Object.entries(values).map(([name, value]) => [name, foldValue(value)] as const);
  for (const record of store.list(logicalName)) {
    if (wanted.every(([name, value]) => foldValue(record.values[name] ?? null) === value)) return record;
  }
  return undefined;
}

/**
 * Finds the row that a payload points at: `/contacts(…)`, `contacts(…)`, or the whole URL, by id or
 * alternate key.
 *
 * @throws DataverseError 400 when the text names no entity set, 404 when there is no such row
 * @throws ODataSyntaxError when it can't be read
 */
export function resolveRecordUrl(store: RecordStore, url: string): { table: Table; record: StoredRecord } {
  const path = decodePath(url.replace(/^(?:https?:\/\/[^/?#]+)?\/api\/data\/v[\d.]+/, '').replace(/^\//, ''));
  const [step, ...rest] = parseResourcePath(path);
  const table = step && schema.byEntitySet.get(step.name);
  if (!table || !step.arguments || rest.length > 0) {
    throw new DataverseError('badQuery', `Resource not found for the segment '${step?.name ?? url}'.`);
  }
  return { table, record: requireByKey(store, table, parseRecordKey(table, step.arguments)) };
}

export function recordNotFound(logicalName: string, id: string): DataverseError {
  return new DataverseError('recordNotFound', `${logicalName} With Id = ${id} Does Not Exist`);
}

/** Percent-decodes a path. @throws DataverseError 400 when an escape is broken */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new DataverseError('badUrl', 'Bad Request - Error in query syntax.', { cause });
  }
}

function literalContent(table: Table, column: Column, value: Expression): unknown {
  if (value.kind !== 'literal') throw invalidKey(table);
  const isNumber = ['integer', 'decimal', 'double'].includes(value.type);
  const quotes = column.type === 'string' || column.type === 'memo';
  if (quotes !== (value.type === 'string')) throw invalidKey(table);
  return isNumber ? Number(value.text) : value.text;
}

function foldValue(value: Value): Value {
  return typeof value === 'string' ? foldText(value) : value;
}

function invalidKey(table: Table): DataverseError {
  return new DataverseError(
    'badQuery',
    `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table.definition.logicalName}'. Ensure that the names and number of key properties match the declared or alternate key properties for this resource.`,
  );
}
