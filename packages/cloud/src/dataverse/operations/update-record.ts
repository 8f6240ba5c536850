import type { DataverseCall } from '../call/dataverse-call.ts';
import { associateRecords } from '../records/associate-records.ts';
import { checkPermission } from '../records/check-permission.ts';
import { type JsonObject, readPayload } from '../records/read-payload.ts';
import { badPayload } from '../records/validate-value.ts';
import { writeRecord } from '../records/write-record.ts';
import type { StoredRecord } from '../storage/record-store.ts';
import type { Table } from '../tables/schema.ts';

/**
 * Changes the columns that the body names and no others.
 *
 * @param keyNames columns of the alternate key in the URL: what the body says of them is passed over
 * @throws DataverseError 400, 403, 404, 405 or 412, as the checks of payload, caller and keys do
 */
export function updateRecord(
  call: DataverseCall,
  table: Table,
  before: StoredRecord,
  { body, keyNames = [] }: { body: JsonObject; keyNames?: readonly string[] },
): StoredRecord {
  const { store, caller, context } = call;
  checkPermission(call, table.definition, 'update');
  return store.transaction(() => {
    const { values, parents, children, links } = readPayload(store, table, body);
    if (parents.length > 0 || children.length > 0) {
      throw badPayload(
        table.definition,
        'A deep update is not supported: related rows are updated one by one.',
      );
    }
    for (const name of keyNames) delete values[name];
    const scope = { store, userId: caller.userId, now: context.clock.now() };
    const source = { table: table.definition.logicalName, id: before.id };
    const record = writeRecord(scope, table, { id: before.id, before }, values);
    for (const { collection, references } of links) {
      for (const reference of references) associateRecords(call, source, collection, reference);
    }
    return record;
  });
}
