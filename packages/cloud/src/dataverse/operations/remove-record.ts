import { parseQueryOptions } from '../query/query-options.ts';
import { checkVersion } from '../records/check-precondition.ts';
import { requireByKey } from '../records/record-key.ts';
import type { Answer, WebApiRequest } from './answer.ts';
import { deleteRecord } from './delete-record.ts';
import type { RecordResource } from './resolve-resource.ts';

/** `DELETE /accounts(…)`: 204, or 404 when there is no such row. */
export function removeRecord(
  { call, query, conditions }: WebApiRequest,
  { table, key }: RecordResource,
): Answer {
  parseQueryOptions(query, []);
  const record = requireByKey(call.store, table, key);
  checkVersion(record, conditions);
  deleteRecord(call, table, record);
  return { status: 204 };
}
