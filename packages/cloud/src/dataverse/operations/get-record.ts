import { parseQueryOptions } from '../query/query-options.ts';
import { type Selection, selectColumns } from '../query/select-columns.ts';
import { entityTag, isNotModified } from '../records/check-precondition.ts';
import { requireByKey } from '../records/record-key.ts';
import { presentRecord } from '../render/present-record.ts';
import type { StoredRecord } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';
import { type Answer, annotationsApplied, preferenceApplied, type WebApiRequest } from './answer.ts';
import type { RecordResource } from './resolve-resource.ts';

/** `GET /accounts(…)?$select=…`: one row, or 304 when the caller has this version already. */
export function getRecord(request: WebApiRequest, { table, key }: RecordResource): Answer {
  const { call, conditions } = request;
  const record = requireByKey(call.store, table, key);
  const answer = { ...representation(request, table, record), status: 200 };
  // A 304 would leave the annotations out, so that a caller who asks for them gets the row.
  if (call.preferences.includeAnnotations === null && isNotModified(record, conditions)) {
    return { status: 304, headers: { ETag: entityTag(record) } };
  }
  return { ...answer, headers: { ...answer.headers, ...preferenceApplied(annotationsApplied(call)) } };
}

/** One row as the body of an answer, with the columns that `$select` asks for. */
export function representation(
  { call, query }: WebApiRequest,
  table: Table,
  record: StoredRecord,
): Pick<Answer, 'json' | 'headers'> {
  const { columns, context } = chooseColumns(query, table);
  return {
    headers: { ETag: entityTag(record) },
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata#${table.definition.entitySetName}${context}/$entity`,
      ...presentRecord(call, record, columns),
    },
  };
}

/**
 * The columns of one row that a query asks for. A write asks before it does anything: one with a bad query writes
 * nothing.
 *
 * @throws DataverseError 400
 */
export function chooseColumns(query: string, table: Table): Selection {
  return selectColumns(table, parseQueryOptions(query, ['$select', '$expand']).select);
}
