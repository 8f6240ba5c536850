import { DataverseError } from '../errors/dataverse-error.ts';
import {
  isReference,
  type RecordStore,
  type Reference,
  type StoredRecord,
  type Value,
  type Values,
} from '../storage/record-store.ts';
import type { Column } from '../tables/column.ts';
import type { Table } from '../tables/schema.ts';
import { formatMoment } from './moment.ts';
import { findByValues } from './record-key.ts';

/** Who writes, where and when. */
export interface WriteScope {
  store: RecordStore;
  /** `systemuserid` of the caller. */
  userId: string;
  /** Epoch milliseconds. */
  now: number;
}

const basePrecision = 4;

/**
 * Writes a row with everything that follows from what was set: state and status reason, full name, owner,
 * currency and base amounts, history. Only within a transaction of the store.
 *
 * @param before the row as it was; undefined makes a new one
 * @throws DataverseError 400 for a status reason outside its state, 412 for an alternate key that is taken
 */
export function writeRecord(
  scope: WriteScope,
  table: Table,
  target: { id: string; before?: StoredRecord },
  changes: Values,
): StoredRecord {
  const { logicalName, primaryKey, fullName } = table.definition;
  const { id, before } = target;
  const values: Record<string, Value> = {
    ...(before?.values ?? defaultsOf(table)),
    ...changes,
    [primaryKey]: id,
  };
  settleState(table, id, values, changes);
  if (fullName) settleFullName(values);
  if (table.columns.has('ownerid')) settleOwner(scope, values);
  if (table.columns.get('transactioncurrencyid')?.type === 'lookup') settleMoney(scope, table, values);
  if (table.columns.has('createdon')) settleHistory(scope, values, before);
  checkAlternateKeys(scope.store, table, id, values);
  const kept = Object.entries(values).filter(([, value]) => value !== null);
  return scope.store.put(logicalName, id, Object.fromEntries(kept));
}

function defaultsOf(table: Table): Values {
  const defaults = table.definition.columns.map((column: Column): [string, Value] => [
    column.name,
    column.type === 'choice' || column.type === 'boolean' ? column.defaultValue : null,
  ]);
  return Object.fromEntries(defaults);
}

/** A new state brings its first status reason with it, unless one is set; the two must fit. */
function settleState(table: Table, id: string, values: Record<string, Value>, changes: Values): void {
  const column = table.columns.get('statuscode');
  if (column?.type !== 'choice') return;
  if ('statecode' in changes && !('statuscode' in changes)) {
    values.statuscode = column.options.find((option) => option.state === values.statecode)?.value ?? null;
  }
  const reason = column.options.find((option) => option.value === values.statuscode);
  if (reason?.state === values.statecode) return;
  throw new DataverseError(
    'statusOutOfState',
    `${JSON.stringify(values.statuscode)} is not a valid status code for state code ${JSON.stringify(values.statecode)} on ${table.definition.logicalName} with Id ${id}.`,
  );
}

function settleFullName(values: Record<string, Value>): void {
  const names = [values.firstname, values.lastname].filter(
    (name): name is string => typeof name === 'string' && name !== '',
  );
  values.fullname = names.length > 0 ? names.join(' ') : null;
}

function settleOwner({ store, userId }: WriteScope, values: Record<string, Value>): void {
  const owner = values.ownerid ?? { table: 'systemuser', id: userId };
  values.ownerid = owner;
  values.owninguser = owner;
  const user = isReference(owner) ? store.find(owner.table, owner.id) : undefined;
  values.owningbusinessunit = user?.values.businessunitid ?? null;
}

/** Rows with sums of money have a currency, the organization's own by default, and its rate of the moment. */
function settleMoney({ store }: WriteScope, table: Table, values: Record<string, Value>): void {
  const sums = table.definition.columns.filter((column) => column.type === 'money' && column.writable);
  const isUsed = sums.some((column) => typeof values[column.name] === 'number');
  const currency = values.transactioncurrencyid ?? (isUsed ? baseCurrency(store) : null);
  const rate = isReference(currency) ? store.find(currency.table, currency.id)?.values.exchangerate : null;
  values.transactioncurrencyid = currency;
  values.exchangerate = rate ?? null;
  for (const { name } of sums) {
    const sum = values[name];
    values[`${name}_base`] =
      typeof sum === 'number' && typeof rate === 'number'
        ? Number((sum / rate).toFixed(basePrecision))
        : null;
  }
}

function baseCurrency(store: RecordStore): Value {
  for (const organization of store.list('organization')) return organization.values.basecurrencyid ?? null;
  return null;
}

function settleHistory(
  { userId, now }: WriteScope,
  values: Record<string, Value>,
  before?: StoredRecord,
): void {
  const user: Reference = { table: 'systemuser', id: userId };
  values.modifiedon = formatMoment(now);
  values.modifiedby = user;
  if (before) return;
  values.createdon = values.modifiedon;
  values.createdby = user;
}

function checkAlternateKeys(store: RecordStore, table: Table, id: string, values: Values): void {
  for (const key of table.definition.alternateKeys) {
    const wanted = Object.fromEntries(key.map((name) => [name, values[name] ?? null]));
    // As in a unique index of the real service, rows without a value stay outside.
    if (Object.values(wanted).includes(null)) continue;
    const taken = findByValues(store, table.definition.logicalName, wanted);
    if (!taken || taken.id === id) continue;
    throw new DataverseError(
      'duplicateKey',
      `Entity Key ${key.join(', ')} violated. A record with the same value for ${key.join(', ')} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
    );
  }
}
