import { DataverseError } from '../errors/dataverse-error.ts';
import { parseQueryOptions } from '../query/query-options.ts';
import { associateRecords, disassociateRecords } from '../records/associate-records.ts';
import { collectionRows } from '../records/collection-rows.ts';
import { resolveRecordUrl } from '../records/record-key.ts';
import type { Reference } from '../storage/record-store.ts';
import { tableNamed } from '../tables/schema.ts';
import { type Answer, recordUrl, type WebApiRequest } from './answer.ts';
import { readReferenceId } from './lookup-reference.ts';
import type { CollectionReferenceResource } from './resolve-resource.ts';

/** `GET /accounts(…)/contact_customer_accounts/$ref`: the addresses of the rows in a collection. */
export function listReferences(
  { call, query }: WebApiRequest,
  resource: CollectionReferenceResource,
): Answer {
  parseQueryOptions(query, []);
  const { source, collection } = resource;
  const { entitySetName } = tableNamed(collection.table).definition;
  const rows = [...collectionRows(call.store, source, collection)];
  return {
    status: 200,
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata#Collection($ref)`,
      value: rows.map((record) => ({ '@odata.id': recordUrl(call, entitySetName, record.id) })),
    },
  };
}

/** `POST /accounts(…)/contact_customer_accounts/$ref` with `{"@odata.id":…}`: adds a row to a collection. */
export function addReference(
  request: WebApiRequest,
  { source, collection, member }: CollectionReferenceResource,
): Answer {
  parseQueryOptions(request.query, []);
  if (member)
    throw new DataverseError('badQuery', 'A row is added to the collection, not to one of its rows.');
  const { call } = request;
  const target = resolveMember(request, collection.table, readReferenceId(request));
  call.store.transaction(() => associateRecords(call, source, collection, target));
  return { status: 204 };
}

/** `DELETE …/contact_customer_accounts(…)/$ref` or `DELETE …/contact_customer_accounts/$ref?$id=…` */
export function removeReference(request: WebApiRequest, resource: CollectionReferenceResource): Answer {
  const { call, query } = request;
  const { source, collection } = resource;
  const id = new URLSearchParams(query).get('$id');
  const member = resource.member ?? (id === null ? null : resolveMember(request, collection.table, id));
  if (!member) {
    throw new DataverseError('badQuery', 'The row to take out is named in the path or by $id.');
  }
  call.store.transaction(() => disassociateRecords(call, source, collection, member));
  return { status: 204 };
}

function resolveMember({ call }: WebApiRequest, wanted: string, url: string): Reference {
  const { table, record } = resolveRecordUrl(call.store, url);
  const { logicalName } = table.definition;
  if (logicalName === wanted) return { table: logicalName, id: record.id };
  const problem = `'${url}' is a row of '${logicalName}', but the collection holds rows of '${wanted}'.`;
  throw new DataverseError('badQuery', problem);
}
