import { isGuid } from '@latchkey/microsoft';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { Value } from '../storage/record-store.ts';
import type { BooleanColumn, ChoiceColumn, Column, NumberColumn, TextColumn } from '../tables/column.ts';
import type { TableDefinition } from '../tables/table-definition.ts';
import { formatDay, formatMoment } from './moment.ts';

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;
const momentPattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+-]\d{2}:\d{2}))?$/i;

const edmTypes: Readonly<Record<Column['type'], string>> = {
  string: 'Edm.String',
  memo: 'Edm.String',
  integer: 'Edm.Int32',
  bigint: 'Edm.Int64',
  decimal: 'Edm.Decimal',
  double: 'Edm.Double',
  money: 'Edm.Decimal',
  boolean: 'Edm.Boolean',
  choice: 'Edm.Int32',
  dateTime: 'Edm.DateTimeOffset',
  date: 'Edm.Date',
  guid: 'Edm.Guid',
  lookup: 'Edm.Guid',
};

/** The type of a column in OData's terms, as `$metadata` and error messages name it. */
export function edmTypeOf(column: Column): string {
  return edmTypes[column.type];
}

/**
 * Checks a value that a payload gives for a column and brings it into the form in which it is kept: numbers
 * rounded to the column's precision, moments in UTC, GUIDs in lower case.
 *
 * @throws DataverseError 400: of another type, too long, out of range, no option of the choice
 */
export function validateValue(table: TableDefinition, column: Column, value: unknown): Value {
  if (value === null) return null;
  switch (column.type) {
    case 'string':
    case 'memo':
      return validateText(table, column, value);
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'double':
    case 'money':
      return validateNumber(table, column, value);
    case 'boolean':
      return validateBoolean(table, column, value);
    case 'choice':
      return validateChoice(table, column, value);
    case 'dateTime':
    case 'date':
      return validateMoment(table, column, value);
    default:
      if (typeof value === 'string' && isGuid(value)) return value.toLowerCase();
      throw wrongType(table, column, value);
  }
}

/** The refusal of a payload, in the words with which the real service wraps its OData library's. */
export function badPayload(table: TableDefinition, problem: string): DataverseError {
  return new DataverseError(
    'badPayload',
    `Error identified in Payload provided by the user for Entity :'${table.entitySetName}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${problem}`,
  );
}

function validateText(table: TableDefinition, column: TextColumn, value: unknown): Value {
  if (typeof value !== 'string') throw wrongType(table, column, value);
  if (value.length <= column.maximumLength) return value;
  throw new DataverseError(
    'textTooLong',
    `A validation error occurred.  The length of the '${column.name}' attribute of the '${table.logicalName}' entity exceeded the maximum allowed length of '${column.maximumLength}'.`,
  );
}

function validateNumber(table: TableDefinition, column: NumberColumn, value: unknown): Value {
  const isWhole = column.type === 'integer' || column.type === 'bigint';
  if (typeof value !== 'number' || (isWhole && !Number.isInteger(value)))
    throw wrongType(table, column, value);
  if (value < column.minimum || value > column.maximum) {
    throw new DataverseError(
      isWhole ? 'integerOutOfRange' : 'decimalOutOfRange',
      `A validation error occurred.  The value of '${column.name}' on record of type '${table.logicalName}' is outside the valid range. Accepted Values: ${column.minimum} to ${column.maximum}.`,
    );
  }
  return isWhole ? value : Number(value.toFixed(column.precision));
}

function validateBoolean(table: TableDefinition, column: BooleanColumn, value: unknown): Value {
  if (typeof value !== 'boolean') throw wrongType(table, column, value);
  return value;
}

function validateChoice(table: TableDefinition, column: ChoiceColumn, value: unknown): Value {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(table, column, value);
  if (column.options.some((option) => option.value === value)) return value;
  const accepted = column.options.map((option) => option.value).join(',');
  throw new DataverseError(
    'choiceOutOfRange',
    `A validation error occurred. The value ${value} of '${column.name}' on record of type '${table.logicalName}' is outside the valid range. Accepted Values: ${accepted}`,
  );
}

function validateMoment(table: TableDefinition, column: Column, value: unknown): Value {
  const pattern = column.type === 'date' ? dayPattern : momentPattern;
  const milliseconds = typeof value === 'string' && pattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw wrongType(table, column, value);
  if (column.type === 'dateTime') return formatMoment(milliseconds);
  // Some engines roll 30 February over into March: what comes back differs then.
  if (formatDay(milliseconds) !== value) throw wrongType(table, column, value);
  return value;
}

function wrongType(table: TableDefinition, column: Column, value: unknown): DataverseError {
  const literal = JSON.stringify(value);
  return badPayload(
    table,
    `Cannot convert the literal '${literal}' to the expected type '${edmTypeOf(column)}' of property '${column.name}'.`,
  );
}
