/** What every column has. */
interface ColumnBase {
  /** Logical name: lower case, also the property's name in the Web API. */
  name: string;
  displayName: string;
  /** Whether a payload may set it; a value for a column that may not be set is passed over, as Dataverse does. */
  writable: boolean;
}

export interface TextColumn extends ColumnBase {
  type: 'string' | 'memo';
  maximumLength: number;
}

export interface NumberColumn extends ColumnBase {
  type: 'integer' | 'bigint' | 'decimal' | 'double' | 'money';
  minimum: number;
  maximum: number;
  /** Digits after the decimal point that are kept. */
  precision: number;
}

export interface BooleanColumn extends ColumnBase {
  type: 'boolean';
  /** Labels of false and true. */
  labels: readonly [string, string];
  defaultValue: boolean;
}

interface ChoiceOption {
  value: number;
  label: string;
  /** For a status reason: the state it belongs to. */
  state?: number;
}

export interface ChoiceColumn extends ColumnBase {
  type: 'choice';
  options: readonly ChoiceOption[];
  defaultValue: number | null;
}

export interface MomentColumn extends ColumnBase {
  type: 'dateTime' | 'date';
}

export interface GuidColumn extends ColumnBase {
  type: 'guid';
}

export type DeleteBehaviour = 'removeLink' | 'cascade' | 'restrict';

export interface LookupTarget {
  /** Logical name of the table pointed at. */
  table: string;
  /** Name of the single-valued navigation property (case-sensitive); lookups with several targets have several. */
  navigation: string;
  /** Name of the collection-valued navigation property on the target, where the relation is shown there. */
  collection: string | null;
  /** What deleting the target does to the row that points at it. */
  onDelete: DeleteBehaviour;
}

export interface LookupColumn extends ColumnBase {
  type: 'lookup';
  targets: readonly LookupTarget[];
}

export type Column =
  | TextColumn
  | NumberColumn
  | BooleanColumn
  | ChoiceColumn
  | MomentColumn
  | GuidColumn
  | LookupColumn;

/** The name under which a column is read: lookups read as `_x_value` (Web API, "Lookup properties"). */
export function propertyNameOf(column: Column): string {
  return column.type === 'lookup' ? `_${column.name}_value` : column.name;
}

const largestInteger = 2_147_483_647;
/** Dataverse's limits for money and decimal columns. */
const largestMoney = 922_337_203_685_477;
const largestDecimal = 100_000_000_000;
const moneyPrecision = 2;
const derivedMoneyPrecision = 4;
const ratePrecision = 12;
const coordinatePrecision = 5;
const halfTurn = 180;

export function text(name: string, displayName: string, maximumLength = 100): TextColumn {
  return { type: 'string', name, displayName, maximumLength, writable: true };
}

export function memo(name: string, displayName: string, maximumLength = 2_000): TextColumn {
  return { type: 'memo', name, displayName, maximumLength, writable: true };
}

export function integer(
  name: string,
  displayName: string,
  { minimum = 0, maximum = largestInteger }: { minimum?: number; maximum?: number } = {},
): NumberColumn {
  return { type: 'integer', name, displayName, minimum, maximum, precision: 0, writable: true };
}

/** A sum of money and its twin in the organization's base currency, which is computed. */
export function money(name: string, displayName: string): NumberColumn[] {
  const range = { type: 'money' as const, minimum: -largestMoney, maximum: largestMoney };
  return [
    { ...range, name, displayName, precision: moneyPrecision, writable: true },
    {
      ...range,
      name: `${name}_base`,
      displayName: `${displayName} (Base)`,
      precision: derivedMoneyPrecision,
      writable: false,
    },
  ];
}

/** An exchange rate: a decimal with the precision that Dataverse gives to rates. */
export function rate(name: string, displayName: string, { writable }: { writable: boolean }): NumberColumn {
  return {
    type: 'decimal',
    name,
    displayName,
    minimum: 0,
    maximum: largestDecimal,
    precision: ratePrecision,
    writable,
  };
}

/** A latitude or longitude in degrees. */
export function coordinate(name: string, displayName: string): NumberColumn {
  return {
    type: 'double',
    name,
    displayName,
    minimum: -halfTurn,
    maximum: halfTurn,
    precision: coordinatePrecision,
    writable: true,
  };
}

/** A number that the server keeps, e.g. the row version. */
export function serverNumber(name: string, displayName: string): NumberColumn {
  return {
    type: 'bigint',
    name,
    displayName,
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    precision: 0,
    writable: false,
  };
}

export function yesNo(
  name: string,
  displayName: string,
  {
    labels = ['No', 'Yes'],
    defaultValue = false,
  }: Partial<Pick<BooleanColumn, 'labels' | 'defaultValue'>> = {},
): BooleanColumn {
  return { type: 'boolean', name, displayName, labels, defaultValue, writable: true };
}

/** @param labels by value */
export function choice(
  name: string,
  displayName: string,
  labels: Readonly<Record<number, string>>,
  defaultValue: number | null = null,
): ChoiceColumn {
  const options = Object.entries(labels).map(([value, label]) => ({ value: Number(value), label }));
  return { type: 'choice', name, displayName, options, defaultValue, writable: true };
}

export function dateTime(name: string, displayName: string): MomentColumn {
  return { type: 'dateTime', name, displayName, writable: true };
}

export function date(name: string, displayName: string): MomentColumn {
  return { type: 'date', name, displayName, writable: true };
}

export function guid(name: string, displayName: string): GuidColumn {
  return { type: 'guid', name, displayName, writable: true };
}

export function lookup(name: string, displayName: string, ...targets: LookupTarget[]): LookupColumn {
  return { type: 'lookup', name, displayName, targets, writable: true };
}

/** The same column, kept by the server: payloads can't set it. */
export function readOnly<C extends Column>(column: C): C {
  return { ...column, writable: false };
}
