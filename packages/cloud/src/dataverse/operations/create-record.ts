import type { DataverseCall } from '../call/dataverse-call.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import { associateRecords } from '../records/associate-records.ts';
import { checkPermission } from '../records/check-permission.ts';
import { type JsonObject, type Payload, readPayload } from '../records/read-payload.ts';
import { badPayload } from '../records/validate-value.ts';
import { writeRecord } from '../records/write-record.ts';
import type { StoredRecord, Values } from '../storage/record-store.ts';
import { type Table, tableNamed } from '../tables/schema.ts';
import { giveDefaultRole, prepareApplicationUser } from '../users/application-users.ts';

/** Nested objects make related rows; so deep and no deeper. */
const maximumNesting = 10;

/**
 * Creates a row from the body of a request, with the related rows nested in it (deep insert), all or nothing.
 *
 * @param given what the URL or an outer row says beside the body: an id, values of a key, a lookup
 * @throws DataverseError 400, 403, 404, 405 or 412, as the checks of payload, caller and keys do
 */
export function createRecord(
  call: DataverseCall,
  table: Table,
  body: JsonObject,
  given: { id?: string; values?: Values } = {},
): StoredRecord {
  return call.store.transaction(() => createNested(call, table, body, { ...given, depth: 0 }));
}

function createNested(
  call: DataverseCall,
  table: Table,
  body: JsonObject,
  given: { id?: string; values?: Values; depth: number },
): StoredRecord {
  const { store, caller, context } = call;
  const { logicalName, primaryKey } = table.definition;
  const depth = given.depth + 1;
  if (depth > maximumNesting) throw badPayload(table.definition, 'The payload is nested too deep.');
  checkPermission(call, table.definition, 'create');
  const payload = readPayload(store, table, body);
  Object.assign(payload.values, given.values);
  if (logicalName === 'systemuser') prepareApplicationUser(call, payload.values);
  for (const { navigation, body: parent } of payload.parents) {
    const created = createNested(call, tableNamed(navigation.target.table), parent, { depth });
    payload.values[navigation.column.name] = { table: navigation.target.table, id: created.id };
  }
  const id = given.id ?? idFrom(payload, primaryKey) ?? context.random.guid();
  if (store.find(logicalName, id))
    throw new DataverseError('duplicateRecord', 'Cannot insert duplicate key.');
  const scope = { store, userId: caller.userId, now: context.clock.now() };
  const record = writeRecord(scope, table, { id }, payload.values);
  if (logicalName === 'systemuser' && !payload.links.some(({ collection }) => collection.table === 'role')) {
    giveDefaultRole(call, id);
  }
  createRelated(call, { table: logicalName, id }, payload, depth);
  return record;
}

function createRelated(
  call: DataverseCall,
  source: { table: string; id: string },
  payload: Payload,
  depth: number,
): void {
  for (const { collection, bodies } of payload.children) {
    for (const body of bodies) {
      const lookup = collection.kind === 'oneToMany' ? { [collection.column.name]: source } : {};
      const member = createNested(call, tableNamed(collection.table), body, { values: lookup, depth });
      if (collection.kind === 'manyToMany') {
        associateRecords(call, source, collection, { table: collection.table, id: member.id });
      }
    }
  }
  for (const { collection, references } of payload.links) {
    for (const reference of references) associateRecords(call, source, collection, reference);
  }
}

function idFrom({ values }: Payload, primaryKey: string): string | undefined {
  const id = values[primaryKey];
  return typeof id === 'string' ? id : undefined;
}
