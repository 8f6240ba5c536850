import { DataverseError } from '../errors/dataverse-error.ts';
import { checkVersion } from '../records/check-precondition.ts';
import { findByKey, type RecordKey, requireByKey } from '../records/record-key.ts';
import type { StoredRecord, Value } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';
import {
  type Answer,
  annotationsApplied,
  preferenceApplied,
  recordUrl,
  type WebApiRequest,
} from './answer.ts';
import { createRecord } from './create-record.ts';
import { chooseColumns, representation } from './get-record.ts';
import type { RecordResource } from './resolve-resource.ts';
import { updateRecord } from './update-record.ts';

/**
 * `PATCH /accounts(…)`: changes the row, or makes it under this key when there is none (upsert). `If-Match`
 * forbids the making, `If-None-Match: *` the changing.
 */
export function patchRecord(request: WebApiRequest, { table, key }: RecordResource): Answer {
  const { call, conditions } = request;
  chooseColumns(request.query, table);
  const before = findByKey(call.store, table, key);
  // With any If-Match there is nothing to make: this throws the right 404.
  if (!before && conditions.ifMatch !== undefined) requireByKey(call.store, table, key);
  if (before && conditions.ifNoneMatch === '*') {
    throw new DataverseError('duplicateRecord', 'A record with matching key values already exists.');
  }
  if (before) checkVersion(before, conditions);
  const record = before ? change(request, table, key, before) : make(request, table, key);
  if (!call.preferences.returnRepresentation) {
    return { status: 204, headers: { 'OData-EntityId': addressOf(request, table, key) } };
  }
  const { headers, json } = representation(request, table, record);
  const applied = preferenceApplied('return=representation', annotationsApplied(call));
  return { status: before ? 200 : 201, headers: { ...headers, ...applied }, ...(json && { json }) };
}

function change(request: WebApiRequest, table: Table, key: RecordKey, before: StoredRecord): StoredRecord {
  const keyNames = [
    table.definition.primaryKey,
    ...(key.kind === 'alternate' ? Object.keys(key.values) : []),
  ];
  return updateRecord(request.call, table, before, { body: request.readBody(), keyNames });
}

function make(request: WebApiRequest, table: Table, key: RecordKey): StoredRecord {
  const given = key.kind === 'id' ? { id: key.id } : { values: key.values };
  return createRecord(request.call, table, request.readBody(), given);
}

/** The row's address in the form in which the request named it. */
function addressOf({ call }: WebApiRequest, table: Table, key: RecordKey): string {
  const { entitySetName } = table.definition;
  if (key.kind === 'id') return recordUrl(call, entitySetName, key.id);
  const pairs = Object.entries(key.values).map(([name, value]) => `${name}=${literal(table, name, value)}`);
  return recordUrl(call, entitySetName, pairs.join(','));
}

function literal(table: Table, name: string, value: Value): string {
  const column = table.columns.get(name);
  const isText = column?.type === 'string' || column?.type === 'memo';
  const text = typeof value === 'object' ? '' : String(value);
  return isText ? `'${encodeURIComponent(text.replaceAll("'", "''"))}'` : text;
}
